package dev.fanfare.dispatcher.delivery.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.serde.DecodeFailure;
import dev.fanfare.schemas.topic.EventAt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The consumer's thread: polls, decodes, hands on; pauses what the loop holds back; lets the loop
/// finish what leaves in a rebalance. It knows Kafka and nothing else.
final class Pump implements ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(Pump.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration POLL_HELD = Duration.ofMillis(5);
  private static final Duration REGISTRY_AWAY = Duration.ofSeconds(1);

  /// Longest that the loop may need beyond the bound it was given.
  private static final Duration MARGIN = Duration.ofSeconds(10);

  private final Consumer<byte[], byte[]> consumer;
  private final String topic;
  private final Deserializer<Delivery> deserializer;
  private final OutgoingRecords outgoing;
  private final WorkerLoop loop;
  private final DeliverySettings settings;
  private final WorkerHealth health;
  private boolean running;

  Pump(
      Consumer<byte[], byte[]> consumer,
      String topic,
      Deserializer<Delivery> deserializer,
      OutgoingRecords outgoing,
      WorkerLoop loop,
      DeliverySettings settings,
      WorkerHealth health) {
    this.consumer = consumer;
    this.topic = topic;
    this.deserializer = deserializer;
    this.outgoing = outgoing;
    this.loop = loop;
    this.settings = settings;
    this.health = health;
  }

  /// Polls until it is told to stop. Closes nothing.
  void run(BooleanSupplier stopping) {
    running = true;
    consumer.subscribe(List.of(topic), this);
    while (!stopping.getAsBoolean()) {
      var held = hold();
      var records = consumer.poll(held ? POLL_HELD : POLL);
      boolean readable = true;
      for (var partition : records.partitions()) {
        readable &= handOn(partition, records.records(partition));
      }
      if (readable) {
        health.working();
      }
    }
    running = false;
  }

  /// Pauses what the loop holds back and resumes the rest; true when anything is paused.
  private boolean hold() {
    var assigned = consumer.assignment();
    var paused = consumer.paused();
    var toPause = new HashSet<>(loop.isFull() ? assigned : loop.held());
    toPause.retainAll(assigned);
    if (!toPause.equals(paused)) {
      var toResume = new HashSet<>(paused);
      toResume.removeAll(toPause);
      consumer.resume(toResume);
      consumer.pause(toPause);
    }
    return !toPause.isEmpty();
  }

  /// False when the registry could not be asked: the partition is read again from there.
  private boolean handOn(TopicPartition partition, List<ConsumerRecord<byte[], byte[]>> records) {
    var batch = new ArrayList<Received>(records.size());
    for (var record : records) {
      switch (decoded(partition, record)) {
        case Decoded.Sound(var received) -> batch.add(received);
        case Decoded.Unsound(var failure) -> {
          loop.received(batch);
          batch = new ArrayList<>();
          switch (failure) {
            case DecodeFailure.Unreachable(var detail) -> {
              waitForRegistry(partition, record.offset(), detail);
              return false;
            }
            case DecodeFailure.Unusable(var reason, var detail) -> {
              LOG.error("{} offset {} is no delivery: {}", partition, record.offset(), detail);
              loop.unreadable(
                  partition, record.offset(), outgoing.unreadable(record, reason + ": " + detail));
            }
          }
        }
      }
    }
    loop.received(batch);
    return true;
  }

  private Decoded decoded(TopicPartition partition, ConsumerRecord<byte[], byte[]> record) {
    var value = record.value();
    if (value == null || record.key() == null) {
      var missing = "a delivery has a key and a value";
      return new Decoded.Unsound(new DecodeFailure.Unusable(DecodeFailure.Reason.CORRUPT, missing));
    }
    try {
      var delivery = deserializer.deserialize(record.topic(), value);
      return new Decoded.Sound(
          new Received(
              partition,
              record.offset(),
              new String(record.key(), UTF_8),
              delivery,
              since(record, delivery),
              value.length + Received.OVERHEAD));
    } catch (RuntimeException e) {
      return new Decoded.Unsound(DecodeFailure.of(e));
    }
  }

  private static Instant since(ConsumerRecord<byte[], byte[]> record, Delivery delivery) {
    var header = record.headers().lastHeader(EventAt.HEADER);
    return EventAt.decode(header == null ? null : header.value()).orElse(delivery.getCreatedAt());
  }

  private sealed interface Decoded {
    record Sound(Received received) implements Decoded {}

    record Unsound(DecodeFailure failure) implements Decoded {}
  }

  /// Without its schema a record can't be read, and nothing says that it never will be: it is read
  /// again.
  private void waitForRegistry(TopicPartition partition, long offset, String detail) {
    if (health.failing("the schema registry does not answer")) {
      LOG.warn("the schema registry is away; deliveries wait: {}", detail);
    }
    consumer.seek(partition, offset);
    try {
      TimeUnit.MILLISECONDS.sleep(REGISTRY_AWAY.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> assigned) {
    var committed = new HashMap<TopicPartition, OffsetAndMetadata>();
    if (!assigned.isEmpty()) {
      var known = consumer.committed(Set.copyOf(assigned));
      for (var partition : assigned) {
        var offset = known.get(partition);
        committed.put(
            partition,
            offset == null ? new OffsetAndMetadata(consumer.position(partition)) : offset);
      }
    }
    loop.assigned(committed, consumer.groupMetadata());
    LOG.debug("assigned {}", assigned);
  }

  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> revoked) {
    // A consumer that is closed revokes what it still has; the loop has let go of it before.
    if (!revoked.isEmpty() && running) {
      LOG.debug("revoked {}", revoked);
      depart(Set.copyOf(revoked));
    }
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> lost) {
    LOG.warn("lost {}: another worker owns them; unsettled deliveries are attempted there", lost);
    loop.lost(Set.copyOf(lost));
  }

  /// Lets the loop end what is in flight of these partitions and settle it.
  void depart(Set<TopicPartition> leaving) {
    var bound = settings.drain().plus(MARGIN);
    loop.joined(consumer.groupMetadata());
    try {
      loop.depart(leaving, settings.drain()).get(bound.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("{} did not settle within {}; what is not settled may be repeated", leaving, bound);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
