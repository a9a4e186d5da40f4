package dev.fanfare.dispatcher.fanout;

import static dev.fanfare.dispatcher.fanout.Samples.event;
import static dev.fanfare.dispatcher.fanout.Samples.subscription;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.NOW;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.id.DeliveryId;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.EventAt;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FanoutTopologyTest {
  private static final Topics TOPICS = Topics.defaults();
  private static final String TRACE = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

  private final AvroSerdes serdes = new AvroSerdes(RegistrySettings.at("mock://fanout-topology"));
  private final Serializer<EmailEvent> events = serdes.serializer();
  private final Deserializer<Delivery> deliveries = serdes.deserializer(Delivery.class);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SubscriptionIndex index = new SubscriptionIndex();
  private TopologyTestDriver driver;
  private TestInputTopic<byte[], byte[]> input;
  private TestOutputTopic<String, Delivery> output;
  private TestOutputTopic<byte[], byte[]> rejected;

  @BeforeEach
  void start() {
    start(serdes);
  }

  private void start(AvroSerdes with) {
    var metrics = new FanoutMetrics(meters);
    var recovery = new Recovery(metrics, () -> NOW);
    var fanout = new Fanout(index, EventCatalogue.standard(), 4_096, Duration.ofHours(24));
    var shared =
        new FanoutProcessor.Shared(fanout, new EventCodec.Pool(with), recovery, metrics, () -> NOW);
    driver =
        new TopologyTestDriver(
            FanoutTopology.of(TOPICS, shared, Deduplication.OFF),
            FanoutRole.properties(
                Map.of("bootstrap.servers", "127.0.0.1:1"), TOPICS, FanoutSettings.DEFAULT));
    input =
        driver.createInputTopic(
            TOPICS.input(), new ByteArraySerializer(), new ByteArraySerializer());
    output =
        driver.createOutputTopic(TOPICS.deliveries().name(), new StringDeserializer(), deliveries);
    rejected =
        driver.createOutputTopic(
            TOPICS.rejected().name(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  @AfterEach
  void stop() {
    driver.close();
  }

  @Test
  void fansOut() {
    index.put(subscription("sub_1", "email.*"));
    index.put(subscription("sub_2", "*"));
    index.put(subscription("sub_3", "email.opened"));

    input.pipeInput(
        new TestRecord<>(
            "msg_1".getBytes(UTF_8),
            bytes(event("evt_1").build()),
            new RecordHeaders().add("traceparent", TRACE.getBytes(UTF_8)),
            7L));

    var made = output.readRecordsToList();
    assertThat(made).extracting(TestRecord::key).containsExactlyInAnyOrder("sub_1", "sub_2");
    assertThat(made)
        .allSatisfy(record -> {
          assertThat(record.value().getSubscriptionId()).isEqualTo(record.key());
          assertThat(record.value().getDeliveryId())
              .isEqualTo(DeliveryId.of("evt_1", record.key()).value());
          assertThat(record.value().getTraceparent()).isEqualTo(TRACE);
          assertThat(record.value().getCreatedAt()).isEqualTo(NOW);
          assertThat(UTF_8.decode(record.value().getPayload()).toString())
              .contains("email.bounced");
          // Not the event's own time, or retention could take it before it is made.
          assertThat(record.timestamp()).isEqualTo(NOW.toEpochMilli());
          assertThat(record.headers())
              .singleElement()
              .satisfies(header -> {
                assertThat(header.key()).isEqualTo(EventAt.HEADER);
                assertThat(EventAt.decode(header.value())).contains(Instant.ofEpochMilli(7));
              });
        });
    assertThat(made.get(0).value().getPayload()).isEqualTo(made.get(1).value().getPayload());
    assertThat(rejected.isEmpty()).isTrue();
    assertThat(meters.counter("fanfare.events").count()).isEqualTo(1);
    assertThat(meters.counter("fanfare.deliveries.made").count()).isEqualTo(2);
    assertThat(meters.timer("fanfare.fanout.event").count()).isEqualTo(1);
  }

  @Test
  void aRepeatedEventMakesTheSameDeliveries() {
    index.put(subscription("sub_1", "*"));

    input.pipeInput(bytes(event("evt_1").build()));
    input.pipeInput(bytes(event("evt_1").build()));

    var made = output.readValuesToList();
    assertThat(made).hasSize(2);
    assertThat(made.get(0)).isEqualTo(made.get(1));
  }

  @Test
  void rejectsBytesAsReceivedAndGoesOn() {
    index.put(subscription("sub_1", "*"));
    byte[] key = "any".getBytes(UTF_8);
    byte[] bytes = {0, 0, 0};

    input.pipeInput(
        new TestRecord<>(key, bytes, new RecordHeaders().add("theirs", "x".getBytes(UTF_8)), 1L));
    input.pipeInput(bytes(event("evt_1").build()));

    var record = rejected.readRecord();
    assertThat(record.key()).isEqualTo(key);
    assertThat(record.value()).isEqualTo(bytes);
    assertThat(header(record.headers(), "theirs")).isEqualTo("x");
    assertThat(header(record.headers(), RejectedRecord.REASON)).isEqualTo("unreadable");
    assertThat(header(record.headers(), RejectedRecord.DETAIL)).startsWith("not_avro: ");
    assertThat(header(record.headers(), RejectedRecord.SOURCE)).isEqualTo("email.events/0/0");
    assertThat(record.headers().lastHeader(RejectedRecord.TRUNCATED)).isNull();
    assertThat(record.timestamp()).isEqualTo(NOW.toEpochMilli());
    assertThat(output.readValuesToList()).hasSize(1);
    assertThat(meters.counter("fanfare.rejected", "reason", "unreadable").count()).isEqualTo(1);
    assertThat(meters.counter("fanfare.events").count()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"empty", "null", "text", "cut", "unknown schema", "another record", "noise"})
  void rejectsWhatCannotBeRead(String what) {
    index.put(subscription("sub_1", "*"));
    byte[] good = bytes(event("evt_1").build());
    byte[] bytes =
        switch (what) {
          case "empty" -> new byte[0];
          case "null" -> null;
          case "text" -> "{\"type\": \"email.bounced\"}".getBytes(UTF_8);
          case "cut" -> Arrays.copyOf(good, good.length / 2);
          case "unknown schema" -> new byte[] {0, 0x7f, 0, 0, 1, 2, 3};
          case "another record" ->
              serdes.serializer().serialize("other", StoredSubscriptions.good("sub_1").build());
          case "noise" -> noise(good);
          default -> throw new AssertionError(what);
        };

    input.pipeInput(new TestRecord<>(new byte[] {1}, bytes));
    input.pipeInput(good);

    var record = rejected.readRecord();
    assertThat(record.value()).isEqualTo(bytes);
    assertThat(header(record.headers(), RejectedRecord.REASON)).isEqualTo("unreadable");
    assertThat(output.readValuesToList()).hasSize(1);
  }

  /// The schema's id, then anything.
  private static byte[] noise(byte[] good) {
    var noise = new byte[good.length];
    new Random(1).nextBytes(noise);
    System.arraycopy(good, 0, noise, 0, 5);
    return noise;
  }

  @Test
  void rejectsWhatIsNoEvent() {
    index.put(subscription("sub_1", "*"));
    byte[] bytes = bytes(event("evt.1").build());

    input.pipeInput(bytes);
    input.pipeInput(bytes(event("evt_2").setType("email.exploded").build()));
    input.pipeInput(bytes(event("evt_3").setTenant("").build()));
    input.pipeInput(bytes(event("evt_4").setSubject("x".repeat(5_000)).build()));
    input.pipeInput(bytes(event("evt_5").build()));

    var records = rejected.readRecordsToList();
    assertThat(records.getFirst().value()).isEqualTo(bytes);
    assertThat(records)
        .extracting(record -> header(record.headers(), RejectedRecord.REASON))
        .containsExactly("invalid_event_id", "unknown_type", "invalid_tenant", "payload_too_large");
    assertThat(output.readValuesToList()).hasSize(1);
  }

  @Test
  void ofWhatIsTooLargeToBeWrittenAgainTheBeginningIsKept() {
    var huge = new byte[2_000_000];
    huge[0] = 1;
    huge[1] = 2;

    input.pipeInput(new byte[] {9}, huge);

    var record = rejected.readRecord();
    assertThat(record.key()).isEqualTo(new byte[] {9});
    assertThat(record.value()).hasSizeBetween(900_000, 1_000_000).startsWith(1, 2);
    assertThat(header(record.headers(), RejectedRecord.TRUNCATED)).isEqualTo("2000001");
  }

  @Test
  void whileTheRegistryIsAwayNothingIsRejected() {
    index.put(subscription("sub_1", "*"));
    byte[] good = bytes(event("evt_1").build());
    driver.close();
    start(new AvroSerdes(RegistrySettings.at("http://127.0.0.1:1")));

    assertThatThrownBy(() -> input.pipeInput(good)).hasMessageContaining("Exception caught");

    assertThat(rejected.isEmpty()).isTrue();
    assertThat(output.isEmpty()).isTrue();
  }

  private byte[] bytes(EmailEvent event) {
    return events.serialize(TOPICS.input(), event);
  }

  private static String header(Headers headers, String name) {
    return new String(headers.lastHeader(name).value(), UTF_8);
  }

  /// Nobody asked for it.
  @Test
  void anEventThatNobodyWantsMakesNothing() {
    input.pipeInput(bytes(event("evt_1").build()));

    assertThat(output.isEmpty()).isTrue();
    assertThat(rejected.isEmpty()).isTrue();
    assertThat(List.of(meters.counter("fanfare.events").count())).containsExactly(1.0);
  }
}
