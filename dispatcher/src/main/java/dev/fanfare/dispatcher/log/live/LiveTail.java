package dev.fanfare.dispatcher.log.live;

import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.entry.Keys;
import dev.fanfare.dispatcher.log.entry.Selection;
import dev.fanfare.dispatcher.log.entry.StateCodec;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Follows the changelog of the log's states, once for all readers of this process, and only while
/// there are any. Thread-safe.
public final class LiveTail implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LiveTail.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration ANSWER = Duration.ofSeconds(10);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  /// Who was away longer than this many records starts at the end.
  private static final long MOST_CAUGHT_UP = 200_000;

  /// Changes that a reader may have had meanwhile; what is beyond is missed.
  private static final int MOST_HELD = 5_000;

  private final Map<String, Object> kafka;
  private final String changelog;
  private final int mostReaders;
  private final LongConsumer missedCount;
  private final List<LiveReader> readers = new CopyOnWriteArrayList<>();
  private @Nullable Thread thread;
  private volatile @Nullable Consumer<byte[], byte[]> polling;
  private volatile @Nullable Offsets offsets;
  private volatile boolean closed;

  /// @param kafka properties of consumers
  /// @param changelog topic of the states' changes
  /// @param missedCount told of each change that a reader misses
  public LiveTail(
      Map<String, Object> kafka, String changelog, int mostReaders, LongConsumer missedCount) {
    this.kafka = consumerProperties(kafka);
    this.changelog = changelog;
    this.mostReaders = mostReaders;
    this.missedCount = missedCount;
  }

  private static Map<String, Object> consumerProperties(Map<String, Object> given) {
    var all = new HashMap<>(given);
    all.remove(ConsumerConfig.GROUP_ID_CONFIG);
    all.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, (int) POLL.toMillis());
    return all;
  }

  /// A new reader; empty when there are as many as there may be.
  ///
  /// @param from where it was the last time; null for from now on
  /// @throws KafkaException if Kafka can't be asked for what came since
  public Optional<LiveReader> read(Selection selection, @Nullable Offsets from) {
    var reader = new LiveReader(this, selection);
    if (!join(reader)) {
      return Optional.empty();
    }
    try {
      awaitTail();
      if (from != null) {
        catchUp(reader, from);
      }
      return Optional.of(reader);
    } catch (KafkaException e) {
      leave(reader);
      throw e;
    }
  }

  /// Until the tail knows where it is, nothing says what a reader will be offered.
  private void awaitTail() {
    if (!await(ANSWER, () -> closed || offsets != null) || closed) {
      throw new KafkaException("the changelog " + changelog + " could not be opened");
    }
  }

  /// False when it is not so in time.
  private synchronized boolean await(Duration atMost, BooleanSupplier condition) {
    long deadline = System.nanoTime() + atMost.toNanos();
    try {
      while (!condition.getAsBoolean()) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          return false;
        }
        wait(left);
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  private synchronized void isAt(long[] next) {
    offsets = Offsets.of(next);
    notifyAll();
  }

  private synchronized boolean join(LiveReader reader) {
    if (closed || readers.size() >= mostReaders) {
      return false;
    }
    readers.add(reader);
    if (thread == null) {
      offsets = null;
      thread = Thread.ofPlatform().name("live-log").daemon().start(this::run);
    }
    return true;
  }

  void leave(LiveReader reader) {
    readers.remove(reader);
  }

  void missed(long number) {
    missedCount.accept(number);
  }

  public int readers() {
    return readers.size();
  }

  boolean isClosed() {
    return closed;
  }

  /// Up to where all readers have been offered everything.
  Optional<Offsets> offsets() {
    return Optional.ofNullable(offsets);
  }

  private void run() {
    while (!isUnused()) {
      try (var consumer = consumer()) {
        polling = consumer;
        follow(consumer);
      } catch (WakeupException e) {
        // Closed.
      } catch (KafkaException e) {
        LOG.warn("the live log is interrupted: {}", e.toString());
        var _ = await(AFTER_FAILURE, () -> closed);
      } finally {
        polling = null;
      }
    }
  }

  /// Whether nobody reads any more; the thread then ends.
  private synchronized boolean isUnused() {
    if (closed || readers.isEmpty()) {
      thread = null;
      return true;
    }
    return false;
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    var partitions = assign(consumer);
    var at = new long[partitions.size()];
    var known = offsets;
    for (var partition : partitions) {
      // After an interruption it goes on where it was.
      if (known != null && known.partitions() == at.length) {
        consumer.seek(partition, known.next(partition.partition()));
      }
      at[partition.partition()] = consumer.position(partition, ANSWER);
    }
    isAt(at);
    while (!closed && !readers.isEmpty()) {
      for (var record : consumer.poll(POLL)) {
        at[record.partition()] = record.offset() + 1;
        state(record).ifPresent(state -> readers.forEach(reader -> reader.offer(state, at)));
      }
      for (var partition : partitions) {
        at[partition.partition()] = consumer.position(partition, ANSWER);
      }
      isAt(at);
      readers.removeIf(reader -> reader.endIfStuck(System.nanoTime()));
    }
  }

  private List<TopicPartition> assign(Consumer<byte[], byte[]> consumer) {
    var partitions =
        consumer.partitionsFor(changelog, ANSWER).stream()
            .map(it -> new TopicPartition(changelog, it.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new KafkaException("there is no topic " + changelog + " yet");
    }
    consumer.assign(partitions);
    consumer.seekToEnd(partitions);
    return partitions;
  }

  /// The state that a change of the store leaves; empty for changes of something else.
  static Optional<DeliveryState> state(ConsumerRecord<byte[], byte[]> record) {
    if (record.key() == null
        || record.value() == null
        || record.key().length == 0
        || record.key()[0] != Keys.STATE) {
      return Optional.empty();
    }
    try {
      return Optional.of(StateCodec.read(record.value()));
    } catch (IllegalArgumentException e) {
      LOG.warn("a state that another version wrote can't be shown: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /// Reads what came between the reader's last visit and now. The reader has joined already, so
  /// nothing is lost in between; some changes may come twice.
  private void catchUp(LiveReader reader, Offsets from) {
    try (var consumer = consumer()) {
      var partitions = assign(consumer);
      var ends = consumer.endOffsets(partitions, ANSWER);
      long behind = 0;
      if (from.partitions() == partitions.size()) {
        for (var partition : partitions) {
          behind += Math.max(end(ends, partition) - from.next(partition.partition()), 0);
        }
      }
      if (from.partitions() != partitions.size() || behind > MOST_CAUGHT_UP) {
        reader.hasMissed(Math.max(behind, 1));
        return;
      }
      partitions.forEach(
          each -> consumer.seek(each, Math.min(end(ends, each), from.next(each.partition()))));
      collect(reader, consumer, partitions, ends);
    }
  }

  private void collect(
      LiveReader reader,
      Consumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions,
      Map<TopicPartition, Long> ends) {
    var at = new long[partitions.size()];
    partitions.forEach(each -> at[each.partition()] = consumer.position(each, ANSWER));
    int held = 0;
    long beyond = 0;
    while (partitions.stream()
        .anyMatch(each -> consumer.position(each, ANSWER) < end(ends, each))) {
      for (var record : consumer.poll(POLL)) {
        at[record.partition()] = record.offset() + 1;
        var state = state(record).filter(reader.selection()::matches);
        if (state.isPresent() && held++ < MOST_HELD) {
          reader.before(new LiveReader.Change(state.get(), Offsets.of(at)));
        } else if (state.isPresent()) {
          beyond++;
        }
      }
    }
    if (beyond > 0) {
      reader.hasMissed(beyond);
    }
  }

  private static long end(Map<TopicPartition, Long> ends, TopicPartition partition) {
    return ends.getOrDefault(partition, 0L);
  }

  private Consumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(kafka, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /// Readers notice within their next wait.
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    var consumer = polling;
    if (consumer != null) {
      consumer.wakeup();
    }
  }
}
