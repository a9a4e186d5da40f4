package dev.fanfare.dispatcher.log.live;

import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.entry.Selection;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// One reader of the live log. What it does not fetch in time it misses, and is told how much; the
/// others notice nothing. The tail offers, the reader's own thread takes.
public final class LiveReader implements AutoCloseable {
  static final int QUEUE = 1_000;

  private static final long LONGEST_WRITE_NANOS = 60_000_000_000L;

  private final LiveTail tail;
  private final Selection selection;
  private final BlockingQueue<Change> queue = new LinkedBlockingQueue<>(QUEUE);
  private final AtomicLong missed = new AtomicLong();
  private final ArrayDeque<Change> first = new ArrayDeque<>();
  private volatile long lastTaken = System.nanoTime();
  private volatile @Nullable Thread taker;

  /// @param id with which a reader goes on after this one
  public record Change(DeliveryState state, Offsets id) {}

  /// What came next.
  public sealed interface Next {
    record Changed(Change change) implements Next {}

    /// Changes that are gone for this reader.
    record Missed(long number) implements Next {}

    /// Nothing for a while.
    ///
    /// @param id with which a reader would go on now
    record Quiet(Optional<Offsets> id) implements Next {}

    /// The live log has ended here; another instance may have it.
    record Ended() implements Next {}
  }

  LiveReader(LiveTail tail, Selection selection) {
    this.tail = tail;
    this.selection = selection;
  }

  void offer(DeliveryState state, long[] offsets) {
    if (selection.matches(state) && !queue.offer(new Change(state, Offsets.of(offsets)))) {
      missed.incrementAndGet();
      tail.missed(1);
    }
  }

  void hasMissed(long number) {
    missed.addAndGet(number);
    tail.missed(number);
  }

  /// What happened since the reader was here the last time; to be read first.
  void before(Change change) {
    first.add(change);
  }

  /// Whether its thread has not come back for so long that the client must have stopped reading.
  /// The thread, which hangs on the connection, is interrupted; that closes a virtual thread's
  /// socket.
  boolean endIfStuck(long now) {
    if (now - lastTaken < LONGEST_WRITE_NANOS) {
      return false;
    }
    var hanging = taker;
    if (hanging != null) {
      hanging.interrupt();
    }
    return true;
  }

  Selection selection() {
    return selection;
  }

  /// Waits for the next change, up to a time.
  public Next next(Duration atMost) throws InterruptedException {
    lastTaken = System.nanoTime();
    taker = Thread.currentThread();
    long gone = missed.getAndSet(0);
    if (gone > 0) {
      return new Next.Missed(gone);
    }
    var early = first.poll();
    if (early != null) {
      return new Next.Changed(early);
    }
    var came = queue.poll(atMost.toMillis(), TimeUnit.MILLISECONDS);
    if (came != null) {
      return new Next.Changed(came);
    }
    if (tail.isClosed()) {
      return new Next.Ended();
    }
    // Asked before the queue: what the tail had passed then is either taken or was not wanted.
    var at = tail.offsets();
    var late = queue.poll();
    return late == null ? new Next.Quiet(at) : new Next.Changed(late);
  }

  @Override
  public void close() {
    tail.leave(this);
  }
}
