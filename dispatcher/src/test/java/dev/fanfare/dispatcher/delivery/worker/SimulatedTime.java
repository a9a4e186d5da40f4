package dev.fanfare.dispatcher.delivery.worker;

import java.time.Instant;
import java.time.InstantSource;
import java.util.PriorityQueue;
import java.util.random.RandomGenerator;

/// One clock and one queue of what happens next, for everything in a simulation. Equal times keep
/// the order in which they were asked for, so a seed repeats a run exactly.
final class SimulatedTime implements InstantSource {
  static final Instant START = Instant.parse("2026-05-01T00:00:00Z");

  private final PriorityQueue<Due> queue = new PriorityQueue<>();
  private final RandomGenerator dice;
  private long nowMs = START.toEpochMilli();
  private long asked;
  private long events;

  SimulatedTime(RandomGenerator dice) {
    this.dice = dice;
  }

  void after(long ms, Runnable what) {
    queue.add(new Due(nowMs + Math.max(0, ms), asked++, what));
  }

  /// Lets the next thing happen; false when nothing is to come by then.
  boolean step(long untilMs) {
    var next = queue.peek();
    if (next == null || next.atMs > untilMs) {
      nowMs = Math.max(nowMs, untilMs);
      return false;
    }
    queue.remove();
    nowMs = next.atMs;
    events++;
    next.what.run();
    return true;
  }

  long nowMs() {
    return nowMs;
  }

  /// Milliseconds since the start.
  long elapsedMs() {
    return nowMs - START.toEpochMilli();
  }

  long events() {
    return events;
  }

  long between(long fromMs, long toMs) {
    return fromMs >= toMs ? fromMs : dice.nextLong(fromMs, toMs);
  }

  boolean oneIn(int n) {
    return dice.nextInt(n) == 0;
  }

  @Override
  public Instant instant() {
    return Instant.ofEpochMilli(nowMs);
  }

  private record Due(long atMs, long order, Runnable what) implements Comparable<Due> {
    @Override
    public int compareTo(Due other) {
      return atMs != other.atMs ? Long.compare(atMs, other.atMs) : Long.compare(order, other.order);
    }
  }
}
