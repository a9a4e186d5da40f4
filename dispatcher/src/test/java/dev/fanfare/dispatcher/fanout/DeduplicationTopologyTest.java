package dev.fanfare.dispatcher.fanout;

import static dev.fanfare.dispatcher.fanout.Samples.event;
import static dev.fanfare.dispatcher.fanout.Samples.subscription;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Events that come again.
class DeduplicationTopologyTest {
  private static final Topics TOPICS = Topics.defaults();

  private final AvroSerdes serdes =
      new AvroSerdes(RegistrySettings.at("mock://deduplication-topology"));
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SubscriptionIndex index = new SubscriptionIndex();
  private Instant now = NOW;

  @SuppressWarnings("NullAway.Init") // by start()
  private TopologyTestDriver driver;

  @SuppressWarnings("NullAway.Init")
  private TestInputTopic<byte[], byte[]> input;

  @SuppressWarnings("NullAway.Init")
  private TestOutputTopic<String, Delivery> output;

  private void start(Duration window, int most) {
    var deduplication = new Deduplication(window, most);
    var metrics = new FanoutMetrics(meters);
    var recovery = new Recovery(metrics, () -> now);
    var fanout = new Fanout(index, EventCatalogue.standard(), 4_096, Duration.ofHours(24));
    var shared =
        new FanoutProcessor.Shared(
            fanout, new EventCodec.Pool(serdes), recovery, metrics, () -> now);
    driver =
        new TopologyTestDriver(
            FanoutTopology.of(TOPICS, shared, deduplication),
            FanoutRole.properties(
                Map.of("bootstrap.servers", "127.0.0.1:1"), TOPICS, FanoutSettings.DEFAULT));
    input =
        driver.createInputTopic(
            TOPICS.input(), new ByteArraySerializer(), new ByteArraySerializer());
    output =
        driver.createOutputTopic(
            TOPICS.deliveries().name(),
            new StringDeserializer(),
            serdes.deserializer(Delivery.class));
    index.put(subscription("sub_1", "email.*"));
  }

  @AfterEach
  void stop() {
    if (driver != null) { // one test starts nothing
      driver.close();
    }
  }

  @Test
  void whatComesAgainWithinTheWindowMakesNothing() {
    start(Duration.ofMinutes(10), 100);

    send("evt-1", "acme");
    now = now.plusSeconds(599);
    send("evt-1", "acme");
    send("evt-2", "acme");

    assertThat(output.readValuesToList())
        .extracting(Delivery::getEventId)
        .containsExactly("evt-1", "evt-2");
    assertThat(meters.counter("fanfare.events.suppressed").count()).isOne();
    assertThat(meters.counter("fanfare.events").count()).isEqualTo(3);
  }

  @Test
  void whatComesAgainAfterTheWindowIsANewOneAndARepetitionDoesNotProlongIt() {
    start(Duration.ofMinutes(10), 100);

    send("evt-1", "acme");
    now = now.plusSeconds(400);
    send("evt-1", "acme");
    now = now.plusSeconds(200);
    send("evt-1", "acme");

    assertThat(output.readValuesToList()).hasSize(2);
  }

  @Test
  void twoTenantsMayUseOneId() {
    start(Duration.ofMinutes(10), 100);

    send("evt-1", "other");
    send("evt-1", "acme");

    assertThat(output.readValuesToList()).hasSize(1);
    assertThat(meters.counter("fanfare.events.suppressed").count()).isZero();
  }

  @Test
  void ofMoreThanAreRememberedTheLongestUnseenIsForgotten() {
    start(Duration.ofMinutes(10), 2);

    send("evt-1", "acme");
    send("evt-2", "acme");
    send("evt-3", "acme");
    send("evt-3", "acme");
    send("evt-1", "acme");

    assertThat(output.readValuesToList())
        .extracting(Delivery::getEventId)
        .containsExactly("evt-1", "evt-2", "evt-3", "evt-1");
  }

  @Test
  void offEveryEventCounts() {
    start(Duration.ZERO, 100);

    send("evt-1", "acme");
    send("evt-1", "acme");

    assertThat(output.readValuesToList()).hasSize(2);
    assertThat(driver.getAllStateStores()).isEmpty();
  }

  @Test
  void outOfRangeIsRefused() {
    assertThatThrownBy(() -> new Deduplication(Duration.ofSeconds(-1), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Deduplication(Duration.ofHours(25), 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Deduplication(Duration.ZERO, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private void send(String id, String tenant) {
    var event = event(id).setTenant(tenant).build();
    input.pipeInput(
        "m".getBytes(UTF_8), serdes.<EmailEvent>serializer().serialize(TOPICS.input(), event));
  }
}
