package dev.fanfare.sandbox.system;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.AvroSerdes;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/// The platform of [ChaosST]: it writes its events to Kafka itself, so that no fault of a
/// dispatcher keeps one from being published, or publishes one twice. One thread.
///
/// Events are numbered, and which type one has follows from its number.
final class ChaosEvents implements AutoCloseable {
  static final String TENANT = "acme";
  private static final String ID = "evt_";

  /// So many of [ChaosEndpoint] want each type.
  private static final int OF_ONE_EVENT = 3;

  /// The rarest type: those who want it always fail, and take their time.
  private static final int BOUNCED = 12;

  /// Of the others, one in so many is opened.
  private static final int OPENED = 4;

  private final int events;
  private final String topic;
  private final Producer<String, EmailEvent> producer;
  private final AtomicReference<Exception> failed = new AtomicReference<>();

  private ChaosEvents(int events, String topic, Producer<String, EmailEvent> producer) {
    this.events = events;
    this.topic = topic;
    this.producer = producer;
  }

  /// @param deliveries that they will make
  static ChaosEvents making(int deliveries, Deployment deployment) {
    var serdes = new AvroSerdes(deployment.config().registry());
    var settings =
        Map.<String, Object>of("bootstrap.servers", deployment.config().kafka().bootstrap());
    return new ChaosEvents(
        deliveries / OF_ONE_EVENT,
        deployment.topics().input(),
        new KafkaProducer<>(settings, new StringSerializer(), serdes.serializer()));
  }

  static int number(String event) {
    return Integer.parseInt(event.substring(ID.length()));
  }

  /// Each delivery that there must be, by endpoint and event, and whether it succeeds.
  Map<String, Boolean> expected() {
    var expected = new HashMap<String, Boolean>();
    for (int i = 0; i < events; i++) {
      for (var endpoint : ChaosEndpoint.values()) {
        if (endpoint.type().equals(type(i)) && !endpoint.leaves()) {
          expected.put(endpoint.target() + " " + ID + i, endpoint.delivers(i));
        }
      }
    }
    return expected;
  }

  private String type(int event) {
    if (event % (events / BOUNCED) == 0) {
      return "email.bounced";
    }
    return event % OPENED == 1 ? "email.opened" : "email.delivered";
  }

  /// Publishes one of the parts, and returns how many deliveries have been published with it, or a
  /// few more.
  int send(int part, int parts) {
    int end = events * (part + 1) / parts;
    for (int i = events * part / parts; i < end; i++) {
      send(ID + i, type(i));
    }
    producer.flush();
    if (failed.get() != null) {
      throw new IllegalStateException("an event could not be published", failed.get());
    }
    return end * OF_ONE_EVENT;
  }

  private void send(String id, String type) {
    var event =
        EmailEvent.newBuilder()
            .setEventId(id)
            .setTenant(TENANT)
            .setType(type)
            .setOccurredAt(Instant.now().truncatedTo(ChronoUnit.MILLIS))
            .setMessageId("msg_" + id)
            .setRecipient("ada@customer.example")
            .build();
    var _ =
        producer.send(
            new ProducerRecord<>(topic, event.getMessageId(), event),
            (_, thrown) -> {
              if (thrown != null) {
                failed.compareAndSet(null, thrown);
              }
            });
  }

  @Override
  public void close() {
    producer.close();
  }
}
