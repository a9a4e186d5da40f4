package dev.fanfare.bench.traffic;

import dev.fanfare.bench.load.Due;
import dev.fanfare.bench.load.Payloads;
import dev.fanfare.bench.rig.Stage;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.AvroSerdes;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongFunction;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/// An email platform that produces events to a stage's input. For one thread.
public final class Mailing implements AutoCloseable {
  private final String topic;
  private final Payloads payloads;
  private final Producer<String, EmailEvent> transactional;
  private final Producer<String, EmailEvent> prompt;
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private long number;

  private Mailing(
      String topic,
      Payloads payloads,
      Producer<String, EmailEvent> transactional,
      Producer<String, EmailEvent> prompt) {
    this.topic = topic;
    this.payloads = payloads;
    this.transactional = transactional;
    this.prompt = prompt;
  }

  public static Mailing to(Stage stage, Payloads payloads) {
    var together =
        Map.<String, Object>of(
            "transactional.id",
            "mailing-" + UUID.randomUUID(),
            "transaction.timeout.ms",
            600_000,
            "linger.ms",
            5,
            "batch.size",
            128 * 1024);
    var transactional = producer(stage, together);
    transactional.initTransactions();
    return new Mailing(
        stage.topics().events().name(),
        payloads,
        transactional,
        producer(stage, Map.of("linger.ms", 0)));
  }

  private static Producer<String, EmailEvent> producer(Stage stage, Map<String, Object> more) {
    var settings = new HashMap<>(more);
    settings.put("bootstrap.servers", stage.rig().bootstrap());
    var serdes = new AvroSerdes(stage.config().registry());
    return new KafkaProducer<>(settings, new StringSerializer(), serdes.serializer());
  }

  /// Writes events that nobody sees until [#release]: then all of them at once, without the cost of
  /// producing them.
  ///
  /// @param tenant whose the n-th event is
  public void prepare(long events, LongFunction<String> tenant) {
    transactional.beginTransaction();
    for (long n = 0; n < events; n++) {
      send(transactional, 0, tenant.apply(n));
    }
    transactional.flush();
    requireGood();
  }

  /// Lets go of what was prepared; returns the moment, as `System.nanoTime` says it.
  public long release() {
    transactional.commitTransaction();
    requireGood();
    return System.nanoTime();
  }

  /// Produces at a steady pace, whatever becomes of it. What is late is sent at once, and its id
  /// says when it should have been sent.
  public long steadily(double perSecond, Duration duration, LongFunction<String> tenant) {
    long began = System.nanoTime();
    long beganMicros = Due.now();
    long events = Math.round(perSecond * duration.toNanos() / 1e9);
    double microsEach = 1e6 / perSecond;
    for (long n = 0; n < events; n++) {
      long dueMicros = Math.round(n * microsEach);
      for (long left = wait(began, dueMicros); left > 0; left = wait(began, dueMicros)) {
        LockSupport.parkNanos(left);
      }
      send(prompt, beganMicros + dueMicros, tenant.apply(n));
    }
    prompt.flush();
    requireGood();
    return events;
  }

  private static long wait(long began, long dueMicros) {
    return began + dueMicros * 1_000 - System.nanoTime();
  }

  private void send(Producer<String, EmailEvent> by, long dueMicros, String tenant) {
    var event = payloads.event(Due.id(number++, dueMicros), tenant);
    var _ =
        by.send(
            new ProducerRecord<>(topic, event.getMessageId(), event),
            (_, failed) -> {
              if (failed != null) {
                failure.compareAndSet(null, failed);
              }
            });
  }

  private void requireGood() {
    var failed = failure.get();
    if (failed != null) {
      throw new IllegalStateException("an event was not written", failed);
    }
  }

  @Override
  public void close() {
    transactional.close();
    prompt.close();
  }
}
