package dev.fanfare.dispatcher.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.schemas.avro.Filter;
import dev.fanfare.schemas.avro.SigningSecret;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;

/// A dispatcher with very many subscriptions: 100,000, or what `fanfare.subscriptions` says. Half
/// of them belong to one tenant, which has one for each of its inboxes; the others to tenants of
/// twenty.
class ManySubscriptionsIT {
  private static final int COUNT = Integer.getInteger("fanfare.subscriptions", 20_000);
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(60);

  /// 300 MiB for 100,000, of which 40 MiB are for a dispatcher that has none.
  private static final long MOST_HEAP = (40L << 20) + COUNT * ((260L << 20) / 100_000);

  private static final String LARGE = "large";
  private static final int PAGE = 200;

  private final Random dice = new Random(42);
  private final FanfareConfig config =
      TestFanfare.config(
          SharedKafka.bootstrap(),
          SharedKafka.prefix(ManySubscriptionsIT.class),
          "api_key: " + TestFanfare.KEY + ", requests_per_key: 0, requests_per_address: 0");

  @Test
  void startsInSecondsTakesLittleMemoryAndListsPagesInConstantTime() throws Exception {
    createTopics();
    write();
    long before = usedHeap();
    long start = System.nanoTime();
    try (var fanfare = TestFanfare.start(config, Set.of(Role.FANOUT, Role.API))) {
      var took = Duration.ofNanos(System.nanoTime() - start);
      long heap = usedHeap() - before;
      System.out.printf(
          "%,d subscriptions: started in %,d ms, %,d MiB of heap%n",
          COUNT, took.toMillis(), heap >> 20);
      assertThat(took).isLessThan(STARTED_WITHIN);
      assertThat(heap).as("bytes of heap").isLessThan(MOST_HEAP);

      listsEach(fanfare, "", COUNT);
      listsEach(fanfare, "&tenant=" + LARGE, COUNT / 2);
      listsEach(fanfare, "&tenant=tenant-7", 20);
    }
  }

  private void createTopics() {
    try (var admin = TopicAdmin.connect(config.kafka())) {
      var _ = admin.createMissing(TopicPlan.of(config.topics(), config.ladder()));
    }
  }

  private void write() throws InterruptedException, ExecutionException {
    var topic = config.topics().topics().subscriptions().name();
    var properties =
        Map.<String, Object>of(
            "bootstrap.servers",
            SharedKafka.bootstrap(),
            "linger.ms",
            20,
            // The first batch to a new topic may be refused, and what is behind it then stays so.
            "max.in.flight.requests.per.connection",
            1);
    try (var serializer = new AvroSerdes(config.registry()).<Subscription>serializer();
        var producer =
            new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
      var sent = new ArrayList<Future<RecordMetadata>>();
      for (int i = 0; i < COUNT; i++) {
        var bytes = serializer.serialize(topic, subscription(i));
        sent.add(producer.send(new ProducerRecord<>(topic, id(i), bytes)));
      }
      for (var each : sent) {
        each.get();
      }
    }
  }

  private static String id(int i) {
    return "sub_%024d".formatted(i);
  }

  /// About as long as real ones, with a secret of its own each.
  private Subscription subscription(int i) {
    boolean large = i % 2 == 0;
    var secret = new byte[32];
    dice.nextBytes(secret);
    var at = Instant.ofEpochMilli(1_764_000_000_000L + i / 3);
    return Subscription.newBuilder()
        .setId(id(i))
        .setTenant(large ? LARGE : "tenant-" + i % (COUNT / 20))
        .setUrl("https://hooks.customer-%d.example.com/webhooks/email/%08x".formatted(i, i * 31))
        .setEventTypes(
            i % 5 == 0
                ? List.of("email.*")
                : List.of("email.bounced", "email.complained", "email.delivered"))
        .setFilter(
            large
                ? Filter.newBuilder().setInboxes(List.of("agent-" + i + "@example.com")).build()
                : null)
        .setDescription(i % 3 == 0 ? "the webhook number " + i + " of this customer" : null)
        .setSecrets(
            List.of(
                SigningSecret.newBuilder()
                    .setKind("hmac")
                    .setMaterial(ByteBuffer.wrap(secret))
                    .setCreatedAt(at)
                    .build()))
        .setCreatedAt(at)
        .setUpdatedAt(at)
        .build();
  }

  private static long usedHeap() throws InterruptedException {
    var memory = ManagementFactory.getMemoryMXBean();
    long least = Long.MAX_VALUE;
    for (int i = 0; i < 4; i++) {
      System.gc();
      Thread.sleep(200); // what was only softly or finally reachable goes with the next
      least = Math.min(least, memory.getHeapMemoryUsage().getUsed());
    }
    return least;
  }

  /// Every one once, and a page at the end takes about as long as one at the beginning.
  private static void listsEach(TestFanfare fanfare, String filter, int expected) {
    var seen = new HashSet<String>();
    var times = new ArrayList<Long>();
    var path = "/v1/subscriptions?limit=" + PAGE + filter;
    var next = "";
    int listed = 0;
    do {
      long start = System.nanoTime();
      JsonNode page = fanfare.get(path + next).json();
      times.add((System.nanoTime() - start) / 1_000);
      for (var item : page.path("items")) {
        seen.add(item.path("id").asText());
        listed++;
      }
      next =
          page.path("next_cursor").isNull() ? "" : "&cursor=" + page.path("next_cursor").asText();
    } while (!next.isEmpty());

    assertThat(listed).isEqualTo(expected);
    assertThat(seen).hasSize(expected);
    int part = times.size() / 4;
    if (part >= 10) {
      long first = median(times.subList(part, 2 * part)); // the very first warm up
      long last = median(times.subList(3 * part, times.size()));
      System.out.printf("%,d listed, a page of %d: %,d then %,d µs%n", expected, PAGE, first, last);
      assertThat(last).isLessThan(3 * first + 2_000);
    }
  }

  private static long median(List<Long> times) {
    var sorted = times.stream().mapToLong(Long::longValue).toArray();
    Arrays.sort(sorted);
    return sorted[sorted.length / 2];
  }
}
