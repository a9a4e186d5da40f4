package dev.fanfare.dispatcher.feed;

import dev.fanfare.dispatcher.feed.FeedDecoder.Taken;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The feed's thread: reads the topics to their ends, then follows them, whatever the cluster does.
/// When the client gives up, a new one goes on where it stopped.
final class FeedLoop implements Runnable {
  private static final Logger LOG = LoggerFactory.getLogger(FeedLoop.class);
  private static final Duration POLL = Duration.ofMillis(200);
  private static final Duration ASKED_EVERY = Duration.ofSeconds(5);
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(3);
  private static final Duration TOLD_EVERY = Duration.ofSeconds(2);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  private final Supplier<Consumer<byte[], byte[]>> clients;
  private final String name;
  private final Map<String, FeedDecoder<?>> decoders;
  private final FeedTable table;
  private final AppliedOffsets applied;

  /// Tells what has ended with time; how long things take is measured apart from it.
  private final InstantSource clock;

  private final CountDownLatch caughtUp = new CountDownLatch(1);
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile @Nullable Consumer<byte[], byte[]> client;
  private volatile @Nullable String trouble;
  private volatile boolean connected;
  private volatile long behind;
  private Duration pause = FIRST_PAUSE;

  /// @param decoders by topic
  FeedLoop(
      String name,
      Supplier<Consumer<byte[], byte[]>> clients,
      Map<String, FeedDecoder<?>> decoders,
      FeedTable table,
      AppliedOffsets applied,
      InstantSource clock) {
    this.name = name;
    this.clients = clients;
    this.decoders = decoders;
    this.table = table;
    this.applied = applied;
    this.clock = clock;
  }

  @Override
  public void run() {
    try {
      while (isOpen()) {
        try (var consumer = clients.get()) {
          client = consumer;
          catchUp(consumer);
          follow(consumer);
        } catch (WakeupException e) {
          LOG.debug("woken to close");
        } catch (RuntimeException e) {
          troubled(String.valueOf(e.getMessage()));
          connected = false;
          pauseAWhile();
        } finally {
          client = null;
        }
      }
    } finally {
      connected = false;
      if (isOpen()) {
        trouble = "the thread that follows " + name + " has ended";
        LOG.error("{}", trouble);
      }
    }
  }

  private void catchUp(Consumer<byte[], byte[]> consumer) {
    assign(consumer);
    var ends = consumer.endOffsets(consumer.assignment());
    long started = System.nanoTime();
    long told = started;
    long total = left(consumer, ends);
    for (long left = total; left > 0 && isOpen(); left = left(consumer, ends)) {
      step(consumer);
      if (isOver(TOLD_EVERY, told)) {
        told = System.nanoTime();
        LOG.info("reading {}: {} of {} records", name, total - left, total);
      }
    }
    if (isOpen() && caughtUp.getCount() > 0) {
      LOG.info(
          "read {}: {} entries from {} records in {}",
          name,
          table.size(),
          total,
          Duration.ofNanos(System.nanoTime() - started));
      caughtUp.countDown();
    }
    fine();
  }

  private void follow(Consumer<byte[], byte[]> consumer) {
    long asked = System.nanoTime();
    while (isOpen()) {
      step(consumer);
      table.tick(clock.instant());
      if (isOver(ASKED_EVERY, asked)) {
        ask(consumer);
        asked = System.nanoTime();
      }
    }
  }

  private static boolean isOver(Duration time, long startedNanos) {
    return System.nanoTime() - startedNanos >= time.toNanos();
  }

  private void step(Consumer<byte[], byte[]> consumer) {
    var received = consumer.poll(POLL);
    var now = clock.instant();
    Optional<String> stuck = Optional.empty();
    for (var partition : received.partitions()) {
      var decoder = decoder(partition);
      for (var one : received.records(partition)) {
        if (decoder.take(one, now) instanceof Taken.Later(String why)) {
          consumer.seek(partition, one.offset());
          stuck = Optional.of(why);
          break;
        }
      }
    }
    for (var partition : consumer.assignment()) {
      applied.advance(partition, consumer.position(partition));
    }
    if (stuck.isPresent()) {
      troubled("a record cannot be read yet: " + stuck.get());
      pauseAWhile();
    } else if (!received.isEmpty()) {
      fine();
    }
  }

  private FeedDecoder<?> decoder(TopicPartition partition) {
    var decoder = decoders.get(partition.topic());
    if (decoder == null) {
      throw new IllegalStateException("nobody asked for " + partition);
    }
    return decoder;
  }

  /// A consumer that follows without a group is not told that its cluster is gone, so it is asked.
  private void ask(Consumer<byte[], byte[]> consumer) {
    try {
      assign(consumer); // a topic may have got more partitions
      behind = left(consumer, consumer.endOffsets(consumer.assignment(), ANSWERED_WITHIN));
      if (behind == 0) {
        fine();
      }
      connected = true;
    } catch (TimeoutException e) {
      troubled("the cluster does not answer: " + e.getMessage());
      connected = false;
    }
  }

  private void assign(Consumer<byte[], byte[]> consumer) {
    var partitions =
        decoders.keySet().stream().flatMap(topic -> partitions(consumer, topic)).toList();
    if (consumer.assignment().containsAll(partitions)) {
      return;
    }
    var known = List.copyOf(consumer.assignment());
    consumer.assign(partitions);
    for (var partition : partitions) {
      if (!known.contains(partition)) {
        consumer.seek(partition, applied.position(partition).orElse(0));
      }
    }
  }

  private static Stream<TopicPartition> partitions(
      Consumer<byte[], byte[]> consumer, String topic) {
    var found = consumer.partitionsFor(topic, ANSWERED_WITHIN);
    if (found == null || found.isEmpty()) {
      throw new IllegalStateException("there is no topic " + topic);
    }
    return found.stream().map(info -> new TopicPartition(topic, info.partition()));
  }

  private static long left(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> ends) {
    long left = 0;
    for (var end : ends.entrySet()) {
      left += Math.max(0, end.getValue() - consumer.position(end.getKey()));
    }
    return left;
  }

  private void fine() {
    if (trouble != null) {
      LOG.info("following {} again", name);
    }
    trouble = null;
    connected = true;
    pause = FIRST_PAUSE;
  }

  /// Logged once, however long it lasts.
  private void troubled(String what) {
    if (trouble == null) {
      LOG.warn("following {} is in trouble, keeps trying: {}", name, what);
    }
    trouble = what;
  }

  private void pauseAWhile() {
    try {
      var _ = closed.await(pause.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the feed's thread", e);
    }
    var next = pause.multipliedBy(2);
    pause = next.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : next;
  }

  private boolean isOpen() {
    return closed.getCount() > 0;
  }

  boolean awaitCaughtUp(Duration atMost) throws InterruptedException {
    return caughtUp.await(atMost.toNanos(), TimeUnit.NANOSECONDS);
  }

  FeedHealth health(boolean alive) {
    return new FeedHealth(
        alive && caughtUp.getCount() == 0,
        connected,
        behind,
        table.size(),
        table.unusable(),
        table.revision(),
        Optional.ofNullable(trouble));
  }

  void close() {
    closed.countDown();
    var current = client;
    if (current != null) {
      current.wakeup();
    }
  }
}
