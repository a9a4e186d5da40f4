package dev.fanfare.schemas.serde;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.schemas.avro.Alert;
import dev.fanfare.schemas.avro.ApiKey;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.Tenant;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.catalogue.EventType;
import dev.fanfare.schemas.payload.RandomEvents;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import io.confluent.kafka.schemaregistry.testutil.MockSchemaRegistry;
import io.confluent.kafka.serializers.KafkaAvroSerializer;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.SchemaParser;
import org.apache.avro.generic.GenericRecordBuilder;
import org.apache.kafka.common.errors.SerializationException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class AvroSerdesTest {
  private static final String SCOPE = "avro-serdes-test";
  private static final String URL = "mock://" + SCOPE;
  private static final String TOPIC = "email.events";
  private static final AvroSerdes SERDES = new AvroSerdes(RegistrySettings.at(URL));

  @AfterEach
  void forget() {
    MockSchemaRegistry.dropScope(SCOPE);
  }

  static Stream<EventType> types() {
    return EventCatalogue.standard().types().stream();
  }

  @ParameterizedTest
  @MethodSource("types")
  void everyEventComesBackAsItWent(EventType type) {
    try (var serializer = SERDES.<EmailEvent>serializer();
        var deserializer = SERDES.deserializer(EmailEvent.class)) {
      for (long seed = 0; seed < 50; seed++) {
        var event = RandomEvents.seeded(seed).of(type);

        assertThat(deserializer.deserialize(TOPIC, serializer.serialize(TOPIC, event)))
            .isEqualTo(event);
      }
    }
  }

  @Test
  void bytesAreInConfluentsFormatUnderTheTopicsSubject() throws Exception {
    var bytes = serialized(event());

    var client = MockSchemaRegistry.getClientForScope(SCOPE);
    var id = client.getLatestSchemaMetadata(TOPIC + "-value").getId();
    assertThat(client.getAllSubjects()).containsExactly("email.events-value");
    assertThat(bytes[0]).isZero();
    assertThat(ByteBuffer.wrap(bytes).getInt(1)).isEqualTo(id);
  }

  @Test
  void theSchemaIsRegisteredAsTheFileSaysIt() throws Exception {
    serialized(event());

    var client = MockSchemaRegistry.getClientForScope(SCOPE);
    assertThat(client.getLatestSchemaMetadata(TOPIC + "-value").getSchema())
        .contains("\"doc\":\"Tenant that the event belongs to.\"")
        .doesNotContain("avro.java.string");
  }

  @Test
  void confluentsSettingsArePassedThrough() throws Exception {
    var strict = settings(Map.of("auto.register.schemas", "false"));
    assertThatThrownBy(() -> serialized(strict, event()))
        .isInstanceOf(SerializationException.class)
        .hasCauseInstanceOf(RestClientException.class);

    var byRecord =
        settings(
            Map.of(
                "value.subject.name.strategy",
                "io.confluent.kafka.serializers.subject.RecordNameStrategy"));
    serialized(byRecord, event());
    assertThat(MockSchemaRegistry.getClientForScope(SCOPE).getAllSubjects())
        .contains("dev.fanfare.schemas.avro.EmailEvent");
  }

  @Test
  void theNewestRegisteredSchemaIsUsedWhereThatIsAskedFor() throws Exception {
    serialized(event());
    var latest = settings(Map.of("auto.register.schemas", "false", "use.latest.version", "true"));

    assertThat(read(serialized(latest, event()))).isEqualTo(event());
    assertThat(MockSchemaRegistry.getClientForScope(SCOPE).getAllVersions(TOPIC + "-value"))
        .containsExactly(1);
  }

  /// A platform has its own names for the records, fewer fields than we and some that we do not
  /// know.
  @Test
  void aProducersOwnRecordIsReadIntoOurs() {
    var mail =
        new SchemaParser()
            .parse(
                """
                {"type": "record", "name": "MailEvent", "namespace": "com.acme.mail", "fields": [
                  {"name": "event_id", "type": "string"},
                  {"name": "shard", "type": "int"},
                  {"name": "tenant", "type": "string"},
                  {"name": "type", "type": "string"},
                  {"name": "occurred_at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "message_id", "type": "string"},
                  {"name": "recipient", "type": "string"},
                  {"name": "subject", "type": ["null", "string"], "default": null},
                  {"name": "bounce", "type": ["null", {
                    "type": "record", "name": "BounceDetail", "fields": [
                      {"name": "kind", "type": ["null", "string"], "default": null},
                      {"name": "colour", "type": "string"},
                      {"name": "smtp_code", "type": ["null", "int"], "default": null}]}],
                   "default": null}]}
                """)
            .mainSchema();
    var bounce = mail.getField("bounce").schema().getTypes().getLast();
    var theirs =
        new GenericRecordBuilder(mail)
            .set("event_id", "e1")
            .set("shard", 7)
            .set("tenant", "acme")
            .set("type", "email.bounced")
            .set("occurred_at", 1_767_322_145_678L)
            .set("message_id", "m1")
            .set("recipient", "a@b.example")
            .set("subject", "Hello 🙂")
            .set(
                "bounce",
                new GenericRecordBuilder(bounce)
                    .set("kind", "hard")
                    .set("colour", "red")
                    .set("smtp_code", 550)
                    .build())
            .build();

    EmailEvent ours;
    try (var serializer = new KafkaAvroSerializer()) {
      serializer.configure(Map.of("schema.registry.url", URL), false);
      ours = read(serializer.serialize(TOPIC, theirs));
    }

    assertThat(ours.getEventId()).isEqualTo("e1");
    assertThat(ours.getOccurredAt()).isEqualTo(Instant.ofEpochMilli(1_767_322_145_678L));
    assertThat(ours.getSubject()).isEqualTo("Hello 🙂");
    assertThat(ours.getTags()).isEmpty();
    assertThat(ours.getBounce().getKind()).isEqualTo("hard");
    assertThat(ours.getBounce().getSmtpCode()).isEqualTo(550);
  }

  @Test
  void aTopicOfSeveralTypesHoldsThoseAndNoOther() throws Exception {
    var tenant = Tenant.newBuilder().setId("acme").setCreatedAt(Instant.ofEpochMilli(1)).build();
    var topic = "fanfare.tenants";
    try (var serializer = SERDES.serializerByRecord();
        var deserializer = SERDES.deserializerByRecord(Set.of(Tenant.class, ApiKey.class));
        var narrow = SERDES.deserializerByRecord(Set.of(ApiKey.class, Alert.class))) {
      var bytes = serializer.serialize(topic, tenant);

      assertThat(MockSchemaRegistry.getClientForScope(SCOPE).getAllSubjects())
          .containsExactly("fanfare.tenants-dev.fanfare.schemas.avro.Tenant");
      assertThat(deserializer.deserialize(topic, bytes)).isEqualTo(tenant);
      assertThatThrownBy(() -> narrow.deserialize(topic, bytes))
          .isInstanceOf(SerializationException.class)
          .hasMessageContaining("Tenant does not belong on fanfare.tenants");
    }
  }

  @Test
  void aTombstoneIsNull() {
    assertThat(read(null)).isNull();
  }

  @Test
  void garbledRecordsAreUnusableAndDoNoHarm() {
    var good = serialized(RandomEvents.seeded(3).of(EventCatalogue.standard().types().get(11)));
    var random = new Random(1);
    int unusable = 0;
    try (var deserializer = SERDES.deserializer(EmailEvent.class)) {
      for (int i = 0; i < 20_000; i++) {
        var bytes = good.clone();
        for (int j = random.nextInt(1, 4); j > 0; j--) {
          bytes[random.nextInt(5, bytes.length)] = (byte) random.nextInt();
        }
        try {
          deserializer.deserialize(TOPIC, bytes);
        } catch (RuntimeException e) {
          assertThat(DecodeFailure.of(e)).isInstanceOf(DecodeFailure.Unusable.class);
          unusable++;
        }
      }
    }
    assertThat(unusable).isPositive();
  }

  @Test
  void aRecordCutShortIsUnusable() {
    var good = serialized(event());
    try (var deserializer = SERDES.deserializer(EmailEvent.class)) {
      for (int length = 0; length < good.length; length++) {
        var cut = Arrays.copyOf(good, length);

        assertThatThrownBy(() -> deserializer.deserialize(TOPIC, cut))
            .isInstanceOf(SerializationException.class)
            .satisfies(e ->
                assertThat(DecodeFailure.of((RuntimeException) e))
                    .isInstanceOf(DecodeFailure.Unusable.class));
      }
    }
  }

  private static EmailEvent event() {
    return EventCatalogue.standard().find("email.delivered").orElseThrow().example();
  }

  private static EmailEvent read(byte @Nullable [] bytes) {
    try (var deserializer = SERDES.deserializer(EmailEvent.class)) {
      return deserializer.deserialize(TOPIC, bytes);
    }
  }

  private static byte[] serialized(EmailEvent event) {
    return serialized(SERDES, event);
  }

  private static byte[] serialized(AvroSerdes with, EmailEvent event) {
    try (var serializer = with.<EmailEvent>serializer()) {
      return serializer.serialize(TOPIC, event);
    }
  }

  private static AvroSerdes settings(Map<String, String> more) {
    var all = new HashMap<>(more);
    all.put("schema.registry.url", URL);
    return new AvroSerdes(new RegistrySettings(all));
  }
}
