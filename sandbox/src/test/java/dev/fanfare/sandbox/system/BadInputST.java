package dev.fanfare.sandbox.system;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.testkit.receiver.Receiver;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a platform gets wrong is kept as it came, with a reason, and stops nothing; what a caller
/// of the API gets wrong is told by name.
class BadInputST {
  private static final Duration ENOUGH = Duration.ofSeconds(90);

  @TempDir Path directory;

  @Test
  void whatIsNoEventIsKeptWithItsReasonAndTheNextOneArrives() throws Exception {
    var deployment = Deployment.of(getClass(), directory, "");
    try (var receiver = Receiver.start();
        var dispatcher = DispatcherProcess.start(deployment, directory)) {
      var customer = new Customer(dispatcher.api(), "acme");
      customer.subscribe(receiver.url("/"), List.of("*"), Map.of());
      var events = new AvroSerdes(deployment.config().registry()).<EmailEvent>serializer();
      var topic = deployment.topics().events().name();
      var bad = new LinkedHashMap<String, byte[]>();
      bad.put("no-avro", "{\"event_id\": \"json\"}".getBytes(UTF_8));
      bad.put("unknown-schema", ByteBuffer.allocate(9).put((byte) 0).putInt(987_654).array());
      var whole = events.serialize(topic, event("cut"));
      bad.put("cut-short", Arrays.copyOf(whole, whole.length / 2));
      bad.put("unknown-type", events.serialize(topic, of("unknown-type", "type", "email.eaten")));
      bad.put("a-dot", events.serialize(topic, of("an.id", "type", "email.sent")));
      var large = event("large");
      large.put("subject", "s".repeat(300 * 1024));
      bad.put("too-large", events.serialize(topic, large));

      try (var producer = producer(deployment)) {
        for (var one : bad.entrySet()) {
          producer.send(new ProducerRecord<>(topic, 0, one.getKey(), one.getValue())).get();
        }
        // Behind them on the same partition: it arrives only if none of them is in the way.
        producer
            .send(new ProducerRecord<>(topic, 0, "m", events.serialize(topic, event("good"))))
            .get();
      }

      var arrived = receiver.await(1, ENOUGH).getFirst();
      assertThat(Customer.header(arrived, "webhook-id")).isEqualTo("good");
      var rejected = rejected(deployment, bad.size());
      assertThat(rejected.keySet()).isEqualTo(bad.keySet());
      bad.forEach((key, value) -> assertThat(rejected.get(key).value()).as(key).isEqualTo(value));
      var reasons = new HashMap<String, String>();
      rejected.forEach((key, kept) -> reasons.put(key, header(kept, "fanfare-reason")));
      assertThat(reasons)
          .containsEntry("no-avro", "unreadable")
          .containsEntry("unknown-schema", "unreadable")
          .containsEntry("cut-short", "unreadable")
          .containsEntry("unknown-type", "unknown_type")
          .containsEntry("a-dot", "invalid_event_id")
          .containsEntry("too-large", "payload_too_large");
      assertThat(header(rejected.get("a-dot"), "fanfare-source")).startsWith(topic);
      assertThat(dispatcher.api().get("/health/ready").isGood()).isTrue();
      assertThat(receiver.count()).isEqualTo(1);
    }
  }

  @Test
  void whatACallerGetsWrongIsToldByName() throws Exception {
    var deployment = Deployment.of(getClass(), directory, "");
    try (var dispatcher = DispatcherProcess.start(deployment, directory)) {
      var api = dispatcher.api();
      for (var url :
          List.of(
              "https://user:hunter2@hooks.example/",
              "https://10.0.0.1/",
              "https://0x0a.1/",
              "https://[::ffff:10.0.0.1]/",
              "https://169.254.169.254/latest/meta-data/")) {
        var said =
            api.post(
                "/v1/subscriptions",
                Map.of("tenant", "acme", "url", url, "event_types", List.of("*")));
        assertThat(said.status()).as(url).isEqualTo(422);
        assertThat(said.body().toString()).contains("/url").doesNotContain("hunter2");
      }
      var event =
          Map.of(
              "tenant", "acme",
              "type", "email.sent",
              "recipient", "ada@customer.example",
              "message_id", "m");
      var wrong =
          Map.of("event_id", "an.id", "type", "email.eaten", "subject", "s".repeat(300 * 1024));
      for (var one : wrong.entrySet()) {
        var spoilt = new HashMap<String, Object>(event);
        spoilt.put(one.getKey(), one.getValue());
        var said = api.post("/v1/events", spoilt);
        assertThat(said.status()).as(one.getKey()).isIn(413, 422);
        assertThat(said.body().toString()).containsAnyOf("/" + one.getKey(), "262144 bytes");
      }
    }
  }

  private static EmailEvent event(String id) {
    return of(id, "type", "email.sent");
  }

  private static EmailEvent of(String id, String field, String value) {
    var event =
        EmailEvent.newBuilder()
            .setEventId(id)
            .setTenant("acme")
            .setType("email.sent")
            .setOccurredAt(Instant.now())
            .setMessageId("m")
            .setRecipient("ada@customer.example")
            .build();
    event.put(field, value);
    return event;
  }

  private static KafkaProducer<String, byte[]> producer(Deployment deployment) {
    var settings =
        Map.<String, Object>of("bootstrap.servers", deployment.config().kafka().bootstrap());
    return new KafkaProducer<>(settings, new StringSerializer(), new ByteArraySerializer());
  }

  /// What is on the rejected topic, by key, as soon as there are so many.
  private static Map<String, ConsumerRecord<String, byte[]>> rejected(
      Deployment deployment, int many) {
    var settings =
        Map.<String, Object>of(
            "bootstrap.servers", deployment.config().kafka().bootstrap(),
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest");
    var topic = deployment.topics().rejected().name();
    var found = new LinkedHashMap<String, ConsumerRecord<String, byte[]>>();
    try (var consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(
          consumer.partitionsFor(topic).stream()
              .map(partition -> new TopicPartition(topic, partition.partition()))
              .toList());
      await()
          .atMost(ENOUGH)
          .until(() -> {
            consumer.poll(Duration.ofMillis(200)).forEach(kept -> found.put(kept.key(), kept));
            return found.size() >= many;
          });
    }
    return found;
  }

  private static String header(ConsumerRecord<String, byte[]> kept, String name) {
    return new String(kept.headers().lastHeader(name).value(), UTF_8);
  }
}
