package dev.fanfare.retry.replay.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.retry.replay.Orders;
import dev.fanfare.retry.replay.ReplayJob;
import dev.fanfare.retry.replay.ReplayKey;
import dev.fanfare.retry.replay.ReplayRecords;
import dev.fanfare.schemas.avro.Replay;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.DecodeFailure;
import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Every replay of the cluster and what people ask of it, as it stands on `fanfare.replays`: read
/// to its end, then followed by a thread of its own. Thread-safe.
public final class ReplayBoard implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReplayBoard.class);
  private static final Duration POLL = Duration.ofMillis(100);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);

  private final String topic;
  private final ReplayClients clients;
  private final Deserializer<Replay> decoder;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);

  // Guarded by this.
  private final Map<String, Noted> jobs = new HashMap<>();
  private final Map<String, Orders.Hold> holds = new HashMap<>();
  private final Set<String> cancelled = new HashSet<>();
  private final Map<Integer, Long> positions = new HashMap<>();
  private boolean caughtUp;
  private @Nullable String trouble = "not read yet";

  private volatile @Nullable Consumer<byte[], byte[]> client;

  /// @param partition where its record stands
  record Noted(ReplayJob job, int partition) {}

  private ReplayBoard(
      Map<String, Object> kafkaClientProperties,
      Topics topics,
      AvroSerdes serdes,
      String instance) {
    this.topic = topics.replays().name();
    this.clients = new ReplayClients(kafkaClientProperties, topics, instance);
    this.decoder = serdes.deserializer(Replay.class);
    this.thread = Thread.ofPlatform().name("fanfare-replay-board").unstarted(this::run);
  }

  /// Returns at once; [#trouble] is empty when everything has been read.
  public static ReplayBoard start(
      Map<String, Object> kafkaClientProperties,
      Topics topics,
      AvroSerdes serdes,
      String instance) {
    var board = new ReplayBoard(kafkaClientProperties, topics, serdes, instance);
    board.thread.start();
    return board;
  }

  public synchronized Optional<ReplayJob> find(String id) {
    return noted(id).map(Noted::job);
  }

  /// All jobs, in no order.
  public synchronized Collection<ReplayJob> all() {
    return jobs.values().stream().map(Noted::job).toList();
  }

  public synchronized Orders orders(String id) {
    return new Orders(holds.getOrDefault(id, Orders.Hold.NONE), cancelled.contains(id));
  }

  synchronized Optional<Noted> noted(String id) {
    return Optional.ofNullable(jobs.get(id));
  }

  synchronized List<Noted> noted() {
    return List.copyOf(jobs.values());
  }

  /// What keeps the board from being up to date.
  public synchronized Optional<String> trouble() {
    return Optional.ofNullable(trouble);
  }

  /// Waits until everything before this offset has been read; false when the time is over first.
  public synchronized boolean awaitPosition(int partition, long offset, Duration atMost)
      throws InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    while (positions.getOrDefault(partition, -1L) < offset) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  private void run() {
    while (isOpen()) {
      try (var consumer = clients.reader("board")) {
        client = consumer;
        follow(consumer);
      } catch (WakeupException _) {
        LOG.debug("woken to close");
      } catch (RuntimeException e) {
        troubled(e.toString());
        sleep();
      } finally {
        client = null;
      }
    }
    decoder.close();
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    var partitions =
        consumer.partitionsFor(topic, ANSWER_WITHIN).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new IllegalStateException("there is no topic " + topic);
    }
    consumer.assign(partitions);
    var first = consumer.beginningOffsets(partitions, ANSWER_WITHIN);
    for (var partition : partitions) {
      consumer.seek(partition, positionOf(partition).orElse(first.getOrDefault(partition, 0L)));
    }
    var ends = consumer.endOffsets(partitions, ANSWER_WITHIN);
    while (isOpen()) {
      step(consumer);
      if (ends.entrySet().stream().allMatch(end -> isRead(consumer, end))) {
        fine();
      }
    }
  }

  private static boolean isRead(
      Consumer<byte[], byte[]> consumer, Map.Entry<TopicPartition, Long> end) {
    return consumer.position(end.getKey()) >= end.getValue();
  }

  private void step(Consumer<byte[], byte[]> consumer) {
    try {
      var received = consumer.poll(POLL);
      for (var partition : received.partitions()) {
        for (var one : received.records(partition)) {
          if (!take(one)) {
            consumer.seek(partition, one.offset());
            sleep();
            break;
          }
        }
      }
    } catch (OffsetOutOfRangeException e) {
      // Compaction never does that, but somebody may have deleted records.
      consumer.seekToBeginning(e.partitions());
    }
    advance(consumer);
  }

  private synchronized void advance(Consumer<byte[], byte[]> consumer) {
    for (var partition : consumer.assignment()) {
      positions.put(partition.partition(), consumer.position(partition));
    }
    notifyAll();
  }

  private synchronized Optional<Long> positionOf(TopicPartition partition) {
    return Optional.ofNullable(positions.get(partition.partition()));
  }

  /// False when it can't be read yet.
  private boolean take(ConsumerRecord<byte[], byte[]> received) {
    if (received.key() == null) {
      LOG.warn("{} has a record without a key at {}", topic, received.offset());
      return true;
    }
    var key = ReplayKey.of(new String(received.key(), UTF_8));
    if (received.value() == null) {
      forget(key);
      return true;
    }
    try {
      note(key, decoder.deserialize(topic, received.headers(), received.value()), received);
    } catch (IllegalArgumentException e) {
      LOG.warn("the record {} is of another version: {}", key, e.getMessage());
    } catch (RuntimeException e) {
      if (DecodeFailure.of(e) instanceof DecodeFailure.Unreachable(String detail)) {
        troubled("a record can't be read yet: " + detail);
        return false;
      }
      LOG.error("the record {} is unreadable and left out", key, e);
    }
    return true;
  }

  private synchronized void note(
      ReplayKey key, Replay record, ConsumerRecord<byte[], byte[]> received) {
    switch (key) {
      case ReplayKey.OfJob(String id) ->
          jobs.put(id, new Noted(ReplayRecords.job(record), received.partition()));
      case ReplayKey.OfHold(String id) -> holds.put(id, ReplayRecords.hold(record));
      case ReplayKey.OfCancel(String id) -> cancelled.add(id);
    }
  }

  private synchronized void forget(ReplayKey key) {
    switch (key) {
      case ReplayKey.OfJob(String id) -> jobs.remove(id);
      case ReplayKey.OfHold(String id) -> holds.remove(id);
      case ReplayKey.OfCancel(String id) -> cancelled.remove(id);
    }
  }

  private synchronized void fine() {
    if (!caughtUp) {
      LOG.info("read {} replays", jobs.size());
    } else if (trouble != null) {
      LOG.info("following the replays again");
    }
    caughtUp = true;
    trouble = null;
  }

  private synchronized void troubled(String what) {
    if (!what.equals(trouble)) {
      LOG.warn("following the replays is in trouble, keeps trying: {}", what);
    }
    trouble = what;
  }

  private void sleep() {
    try {
      var _ = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the board's thread", e);
    }
  }

  private boolean isOpen() {
    return closing.getCount() > 0;
  }

  @Override
  public void close() {
    closing.countDown();
    var current = client;
    if (current != null) {
      current.wakeup();
    }
    try {
      if (!thread.join(CLOSE_WITHIN)) {
        LOG.warn("the thread that follows the replays did not end in time");
      }
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
