package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.sealing.Keyset;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What lies in Kafka, byte for byte, and who can still use it after the keyset has changed.
class SealingIT {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String NONE = "secrets: {sealing: none}\n";
  private static final String PASSWORD = "correct-horse-battery";
  private static final String CLIENT_SECRET = "staple-client-secret";

  private final String prefix = SharedKafka.prefix(SealingIT.class);

  @Test
  void theTopicHoldsNoSecretAndAnOldKeyOpensUntilItIsTakenAway() {
    var old = Keyset.create();
    var both = old.withNewKey();
    both = both.sealingWith(both.keys().getLast().id());
    var fresh = both.without(old.sealing().id());
    Made readable;
    Made before;
    Made after;
    try (var fanfare = start(NONE, Role.API)) {
      var secrets = secretsOfThreeSubscriptions(fanfare);
      readable = create(fanfare, "\"signing\":\"hmac\"");

      assertThat(secrets).hasSize(5).allMatch(text(records(fanfare.config()))::contains);
    }
    try (var fanfare = start(TestFanfare.secrets(old), Role.API)) {
      int existed = records(fanfare.config()).size();
      var secrets = secretsOfThreeSubscriptions(fanfare);
      before = create(fanfare, "\"signing\":\"hmac\"");
      var sealed = records(fanfare.config());
      sealed.keySet().removeAll(List.copyOf(sealed.keySet()).subList(0, existed));

      assertThat(secrets).hasSize(5).noneMatch(text(sealed)::contains);
      assertThat(sealed).hasSize(4);
      assertThat(sealed.keySet())
          .allSatisfy(
              id -> assertThat(allKeyIds(stored(fanfare, id))).containsOnly(old.sealing().id()));
      assertThat(secret(fanfare, readable)).isEqualTo(readable.secret());
    }
    try (var fanfare = start(TestFanfare.secrets(fresh), Role.API)) {
      after = create(fanfare, "\"signing\":\"hmac\"");
      assertThat(secret(fanfare, before)).as("sealed with the key that is not there").isEmpty();
      assertThat(secret(fanfare, after)).isEqualTo(after.secret());
      assertThat(reseal(fanfare)).isEqualTo("{\"resealed\":4,\"left\":4,\"more\":false}");
    }
    try (var fanfare = start(TestFanfare.secrets(both), Role.API)) {
      var version = fanfare.get("/v1/subscriptions/" + before.id()).header("ETag");
      for (var each : List.of(readable, before, after)) {
        assertThat(secret(fanfare, each)).isEqualTo(each.secret());
      }
      assertThat(reseal(fanfare)).isEqualTo("{\"resealed\":4,\"left\":0,\"more\":false}");
      assertThat(reseal(fanfare)).isEqualTo("{\"resealed\":0,\"left\":0,\"more\":false}");
      assertThat(fanfare.get("/v1/subscriptions/" + before.id()).header("ETag")).isEqualTo(version);
      assertThat(secret(fanfare, before)).isEqualTo(before.secret());
      assertThat(records(fanfare.config()).keySet())
          .hasSize(9)
          .allSatisfy(
              id -> assertThat(allKeyIds(stored(fanfare, id))).containsOnly(fresh.sealing().id()));
    }
  }

  /// As text that holds each byte as a character; of a key pair the whole, where it is readable.
  private List<String> secretsOfThreeSubscriptions(TestFanfare fanfare) {
    var both = create(fanfare, "\"signing\":\"both\"");
    var basic =
        create(
            fanfare,
            """
            "authentication":{"type":"basic","username":"ann","password":"%s"}\
            """
                .formatted(PASSWORD));
    var grant =
        create(
            fanfare,
            """
            "authentication":{"type":"oauth2","token_url":"http://127.0.0.1:1/t",
             "client_id":"c","client_secret":"%s"}\
            """
                .formatted(CLIENT_SECRET));
    return Stream.concat(
            Stream.of(PASSWORD, CLIENT_SECRET),
            Stream.of(both, basic, grant)
                .map(it -> Secret.parse(it.secret()).material())
                .map(it -> ISO_8859_1.decode(it).toString()))
        .toList();
  }

  private record Made(String id, String secret) {}

  private static Made create(TestFanfare fanfare, String more) {
    return create(fanfare, "http://127.0.0.1:1/", more);
  }

  private static Made create(TestFanfare fanfare, String url, String more) {
    var made =
        fanfare.post(
            "/v1/subscriptions",
            """
            {"tenant":"acme","url":"%s","event_types":["*"],%s}\
            """
                .formatted(url, more));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return new Made(made.json().path("id").asText(), made.json().path("secret").asText());
  }

  private static String reseal(TestFanfare fanfare) {
    var reply = fanfare.post("/v1/subscriptions/reseal", "");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.text();
  }

  private static String secret(TestFanfare fanfare, Made of) {
    var reply = fanfare.get("/v1/subscriptions/" + of.id() + "/secret");
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    return reply.json().path("secret").asText("");
  }

  /// Whoever can write to the topic, and has no key, gives one subscription the secrets of another.
  @Test
  void aMovedSecretIsRefusedAndTheOthersGoOn() throws Exception {
    try (var receiver = Receiver.start();
        var fanfare =
            start(TestFanfare.secrets(Keyset.create()), Role.API, Role.FANOUT, Role.DELIVER)) {
      receiver.answer(Answer.status(200));
      var hmac = "\"signing\":\"hmac\"";
      var victim = create(fanfare, receiver.url("/victim").toString(), hmac);
      var thief = create(fanfare, receiver.url("/thief").toString(), hmac);
      var forged =
          Subscription.newBuilder(stored(fanfare, thief.id()))
              .setSecrets(stored(fanfare, victim.id()).getSecrets())
              .setVersion(2)
              .build();
      write(fanfare.config(), thief.id(), forged);
      await()
          .atMost(SOON)
          .until(() ->
              fanfare.get("/v1/subscriptions/" + thief.id()).json().path("version").asInt() == 2);

      assertThat(secret(fanfare, thief)).isEmpty();
      var accepted =
          fanfare.post(
              "/v1/events",
              """
              {"type":"email.sent","tenant":"acme","recipient":"a@b.example","message_id":"m"}\
              """);
      assertThat(accepted.status()).isEqualTo(202);
      await().atMost(SOON).until(() -> receiver.count() > 0);

      assertThat(receiver.requests()).allMatch(it -> it.target().equals("/victim"));
      assertThat(fanfare.get("/metrics").text())
          .containsPattern("fanfare_subscriptions_unusable(\\{\\S*})? 1\\.0");
      var tried = fanfare.post("/v1/subscriptions/" + thief.id() + "/test", "{}");
      assertThat(tried.status()).isEqualTo(409);
      var rotated =
          fanfare.post(
              "/v1/subscriptions/" + thief.id() + "/secret/rotate", "{\"overlap\":\"0s\"}");
      assertThat(rotated.status()).as("the way out").isEqualTo(200);
      assertThat(Secret.parse(secret(fanfare, thief)).kind()).isEqualTo("hmac");
    }
  }

  private TestFanfare start(String secrets, Role... roles) {
    return TestFanfare.start(
        TestFanfare.config(SharedKafka.bootstrap(), prefix, "api_key: " + TestFanfare.KEY, secrets),
        Set.of(roles));
  }

  private static List<@Nullable String> allKeyIds(Subscription stored) {
    var all = new ArrayList<@Nullable String>();
    stored.getSecrets().forEach(it -> all.add(it.getKeyId()));
    if (stored.getAuthentication() != null) {
      all.add(stored.getAuthentication().getKeyId());
    }
    return all;
  }

  private static Subscription stored(TestFanfare fanfare, String id) {
    var config = fanfare.config();
    var name = config.topics().topics().subscriptions().name();
    try (var deserializer = new AvroSerdes(config.registry()).deserializer(Subscription.class)) {
      return deserializer.deserialize(name, records(config).get(id));
    }
  }

  /// The last of each, as the broker has them.
  private static Map<String, byte[]> records(FanfareConfig config) {
    var name = config.topics().topics().subscriptions().name();
    var last = new LinkedHashMap<String, byte[]>();
    try (var consumer =
        new KafkaConsumer<>(
            config.kafka().consumerProperties(),
            new StringDeserializer(),
            new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(name).stream()
              .map(it -> new TopicPartition(name, it.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
        consumer.poll(Duration.ofMillis(200)).forEach(it -> last.put(it.key(), it.value()));
      }
    }
    return last;
  }

  private static String text(Map<String, byte[]> records) {
    var all = new StringBuilder();
    records.values().forEach(it -> all.append(new String(it, ISO_8859_1)));
    return all.toString();
  }

  private static void write(FanfareConfig config, String key, Subscription value) throws Exception {
    var name = config.topics().topics().subscriptions().name();
    try (var serializer = new AvroSerdes(config.registry()).<Subscription>serializer();
        var producer =
            new KafkaProducer<>(
                config.kafka().producerProperties(),
                new StringSerializer(),
                new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(name, key, serializer.serialize(name, value))).get();
    }
  }
}
