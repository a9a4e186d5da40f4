package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.app.TestFanfare.Reply;
import dev.fanfare.dispatcher.ingest.Senders;
import dev.fanfare.dispatcher.ingest.Senders.Posted;
import dev.fanfare.dispatcher.ingest.adapter.Provider;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.id.EventId;
import dev.fanfare.schemas.id.TenantId;
import dev.fanfare.schemas.payload.EventDefaults;
import dev.fanfare.schemas.payload.EventReader;
import dev.fanfare.schemas.payload.EventReading;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Providers' reports over real HTTP into real Kafka. What SES publishes is taken apart in
/// `IngestIT`: its certificate lies with Amazon.
class IngestRouteIT {
  @TempDir private static Path scratch;
  private static Senders senders;
  private static TestFanfare fanfare;

  @BeforeAll
  static void start() {
    senders = new Senders(scratch);
    var sources = new StringBuilder("ingest:\n  sources:\n");
    for (var provider : Provider.values()) {
      sources.append(
          "    %s: {provider: %s, tenant: acme, key: \"%s\"}\n"
              .formatted(provider.word(), provider.word(), senders.key(provider)));
    }
    var config =
        TestFanfare.config(
            SharedKafka.bootstrap(),
            SharedKafka.prefix(IngestRouteIT.class),
            "api_key: " + TestFanfare.KEY + ", forgeries_per_address: 0",
            sources.toString());
    fanfare = TestFanfare.start(config, Set.of(Role.API));
  }

  @AfterAll
  static void stop() {
    fanfare.close();
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"SES", "RESEND"})
  void everyReportIsAnEventInKafkaOnceItIsAcknowledged(Provider provider) {
    var reports = Senders.fixture(provider.word() + ".json");

    for (var post : senders.posts(provider, reports, Instant.now())) {
      assertThat(post(provider, post).status()).isEqualTo(200);
    }

    var events = written();
    for (var json : Senders.fixture(provider.word() + ".expected.json")) {
      var expected = event(json);
      var event = events.get(expected.getEventId());
      assertThat(event).as(json.toString()).isNotNull();
      if (json.has("occurred_at")) {
        assertThat(event).isEqualTo(expected);
      }
    }
  }

  /// One request after the other: in the fixture all have the same id.
  @Test
  void eachRequestOfResendIsAnEventInKafka() {
    var reports = Senders.fixture("resend.json");
    var expected = Senders.fixture("resend.expected.json");
    for (int i = 0; i < 10; i++) {
      var id = "msg_route_" + i;
      var post = senders.resend(id, reports.get(i).toString().getBytes(UTF_8), Instant.now());

      assertThat(post(Provider.RESEND, post).status()).isEqualTo(200);

      var json = ((ObjectNode) expected.get(i).deepCopy()).put("event_id", id);
      assertThat(written().get(id)).isEqualTo(event(json));
    }
  }

  @Test
  void theAnswerTellsWhatWasTakenSkippedAndOfNoUse() {
    var body =
        "[{\"msys\":{\"track_event\":{\"type\":\"open\"}}},{\"msys\":{\"x\":{\"type\":\"new\"}}}]";

    var reply = post(Provider.SPARKPOST, new Posted(Senders.basic(), body.getBytes(UTF_8)));

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.json().path("accepted").asInt()).isZero();
    assertThat(reply.json().path("skipped").path("new").asInt()).isOne();
    assertThat(reply.json().path("unusable").get(0).path("pointer").asText())
        .isEqualTo("/0/recipient");
  }

  /// Forgeries are refused unread after so many, and proven reports are taken again in a moment.
  @Test
  void whoForgesTooMuchIsNotReadFromForAWhile() {
    var body = "[{\"msys\":{\"x\":{\"type\":\"new\"}}}]".getBytes(UTF_8);
    var forged = new Posted(Map.of("authorization", "Basic eDp5"), body);
    var config =
        TestFanfare.config(
            SharedKafka.bootstrap(),
            SharedKafka.prefix(IngestRouteIT.class) + "limited.",
            "api_key: " + TestFanfare.KEY + ", forgeries_per_address: 1",
            "ingest: {sources: {sparkpost: {provider: sparkpost, tenant: acme, key: \"%s\"}}}"
                .formatted(senders.key(Provider.SPARKPOST)));
    try (var limited = TestFanfare.start(config, Set.of(Role.API))) {
      var statuses = new TreeMap<Integer, Integer>();
      for (int i = 0; i < 1_000 && !statuses.containsKey(429); i++) {
        statuses.merge(post(limited, Provider.SPARKPOST, forged).status(), 1, Integer::sum);
      }

      assertThat(statuses).containsOnlyKeys(401, 429);
      var proven = new Posted(Senders.basic(), body);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> post(limited, Provider.SPARKPOST, proven).status() == 200);
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsForgedIsUnauthorizedWhateverElseItBrings(Provider provider) {
    var reports = Senders.fixture(provider.word() + ".json");
    var before = written().size();
    for (var post : senders.posts(provider, reports, Instant.now().minusSeconds(200_000))) {
      var headers = new HashMap<>(post.headers());
      headers.replaceAll(
          (name, value) -> name.equals("authorization") ? "Bearer " + TestFanfare.KEY : value);

      var reply = post(provider, new Posted(headers, post.body()));

      assertThat(reply.status()).isEqualTo(401);
      assertThat(reply.text()).doesNotContain(senders.key(provider));
    }
    assertThat(written()).hasSize(before);
  }

  @Test
  void anUnknownProviderIsNotThere() {
    var request = fanfare.anonymous("/v1/ingest/nobody").POST(BodyPublishers.ofString("{}"));

    assertThat(fanfare.send(request).status()).isEqualTo(404);
  }

  private static Reply post(Provider provider, Posted post) {
    return post(fanfare, provider, post);
  }

  private static Reply post(TestFanfare to, Provider provider, Posted post) {
    var request = to.anonymous("/v1/ingest/" + provider.word() + "?source=" + provider.word());
    post.headers().forEach(request::header);
    return to.send(
        request
            .header("Content-Type", "text/plain; charset=UTF-8")
            .POST(BodyPublishers.ofByteArray(post.body())));
  }

  private static EmailEvent event(JsonNode json) {
    var defaults =
        new EventDefaults(
            Optional.of(new TenantId("acme")), () -> new EventId("none"), () -> Instant.EPOCH);
    return switch (new EventReader(EventCatalogue.standard()).read(json, defaults)) {
      case EventReading.Read(var event) -> event;
      case EventReading.Refused(var problems) -> throw new AssertionError(problems);
    };
  }

  private static Map<String, EmailEvent> written() {
    var config = fanfare.config();
    var topic = config.topics().topics().events().name();
    var events = new HashMap<String, EmailEvent>();
    try (var consumer =
        new KafkaConsumer<>(
            config.kafka().consumerProperties(),
            new StringDeserializer(),
            new AvroSerdes(config.registry()).deserializer(EmailEvent.class))) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(it -> new TopicPartition(topic, it.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(it -> consumer.position(it) < ends.getOrDefault(it, 0L))) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          events.put(record.value().getEventId(), record.value());
        }
      }
    }
    return events;
  }
}
