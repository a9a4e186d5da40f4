package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.control.RecordWriter.Keyed;
import dev.fanfare.dispatcher.feed.CurrentTable;
import dev.fanfare.dispatcher.subscription.sealing.SubscriptionSeal;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One transactional id for all instances makes them take turns: who initialises it fences the one
/// before, whose transaction can then no longer commit. Between initialising and committing nobody
/// else has committed, so a decision that was made on a table read to the end in between still
/// holds when it is written.
///
/// ```
/// initialise (fences others) → read to the end → decide → write → commit, or fenced: from the start
/// ```
///
/// An instance that was not fenced since its last commit need not initialise again.
public final class KafkaDecidedWriter implements DecidedWriter {
  private static final Logger LOG = LoggerFactory.getLogger(KafkaDecidedWriter.class);
  private static final int MOST_TRIES = 20;
  private static final int LONGEST_PAUSE_MS = 50;
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(2);

  private final Supplier<Producer<String, SpecificRecord>> producers;
  private final Duration timeout;
  private final ReentrantLock turn = new ReentrantLock(true);
  private final Random dice = new Random();
  private @Nullable Producer<String, SpecificRecord> current;

  /// @param producers makes transactional producers, all of the same transactional id
  KafkaDecidedWriter(Supplier<Producer<String, SpecificRecord>> producers, Duration timeout) {
    this.producers = producers;
    this.timeout = timeout;
  }

  /// @param what the decisions are about; those about the same take turns
  /// @param properties of a producer; what durability and turns need is overridden
  /// @param seal for what is secret of subscriptions
  public static KafkaDecidedWriter start(
      String what,
      Map<String, Object> properties,
      Topics topics,
      AvroSerdes serdes,
      SubscriptionSeal seal,
      ControlSettings settings) {
    var durable = KafkaRecordWriter.durable(properties, settings);
    durable.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, topics.prefix() + what);
    durable.put(
        ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, (int) settings.writeTimeout().toMillis() * 2);
    return new KafkaDecidedWriter(
        () ->
            new KafkaProducer<>(
                durable,
                new StringSerializer(),
                KafkaRecordWriter.serializer(topics, serdes, seal)),
        settings.writeTimeout());
  }

  /// How one try ended.
  private sealed interface Try<R> {
    record Ended<R>(Decided<R> decided) implements Try<R> {}

    /// Somebody else had a turn meanwhile; nothing was written.
    record Fenced<R>() implements Try<R> {}
  }

  @Override
  public <R> Decided<R> decide(String topic, CurrentTable applied, Supplier<Decision<R>> decision) {
    long deadline = System.nanoTime() + timeout.toNanos();
    try {
      if (!turn.tryLock(timeout.toNanos(), TimeUnit.NANOSECONDS)) {
        return new Decided.Failed<>("too many changes at the same time");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Decided.Failed<>("interrupted");
    }
    try {
      for (int i = 0; i < MOST_TRIES && System.nanoTime() < deadline; i++) {
        if (attempt(topic, applied, decision) instanceof Try.Ended<R>(var decided)) {
          return decided;
        }
        Thread.sleep(dice.nextInt(LONGEST_PAUSE_MS)); // or two would fence each other for ever
      }
      return new Decided.Failed<>("other instances change things at the same time");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Decided.Failed<>("interrupted");
    } finally {
      turn.unlock();
    }
  }

  private <R> Try<R> attempt(String topic, CurrentTable applied, Supplier<Decision<R>> decision) {
    try {
      var producer = ready();
      if (!applied.awaitCurrent(timeout)) {
        return new Try.Ended<>(new Decided.Failed<>("Kafka does not answer"));
      }
      return switch (decision.get()) {
        case Decision.Leave<R>(var result) -> new Try.Ended<>(new Decided.Done<>(result));
        case Decision.Write<R>(var record, var result) -> {
          var at = write(producer, topic, record);
          if (!applied.awaitApplied(at.partition(), at.offset(), timeout)) {
            LOG.warn("this process has not read its own write to {} within {}", topic, timeout);
          }
          yield new Try.Ended<>(new Decided.Done<>(result));
        }
      };
    } catch (ProducerFencedException | InvalidProducerEpochException e) {
      drop();
      return new Try.Fenced<>();
    } catch (KafkaException e) {
      drop();
      if (isFenced(e)) {
        return new Try.Fenced<>();
      }
      LOG.warn("a change of {} failed: {}", topic, e.toString());
      return new Try.Ended<>(new Decided.Failed<>("Kafka did not acknowledge it"));
    }
  }

  private RecordMetadata write(
      Producer<String, SpecificRecord> producer, String topic, Keyed record) {
    producer.beginTransaction();
    var sent = producer.send(new ProducerRecord<>(topic, record.key(), record.value()));
    producer.commitTransaction(); // flushes
    try {
      return sent.get(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("a record of a committed transaction was not acknowledged", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("interrupted", e);
    }
  }

  private static boolean isFenced(Throwable thrown) {
    for (Throwable it = thrown; it != null; it = it.getCause()) {
      if (it instanceof ProducerFencedException || it instanceof InvalidProducerEpochException) {
        return true;
      }
    }
    return false;
  }

  private Producer<String, SpecificRecord> ready() {
    if (current == null) {
      var made = producers.get();
      try {
        made.initTransactions();
      } catch (KafkaException e) {
        made.close(Duration.ZERO);
        throw e;
      }
      current = made;
    }
    return current;
  }

  /// Whatever it was doing is aborted by whoever initialises next.
  private void drop() {
    var dropped = current;
    current = null;
    if (dropped != null) {
      dropped.close(Duration.ZERO);
    }
  }

  @Override
  public void close() {
    turn.lock();
    try {
      var last = current;
      current = null;
      if (last != null) {
        last.close(CLOSED_WITHIN);
      }
    } finally {
      turn.unlock();
    }
  }
}
