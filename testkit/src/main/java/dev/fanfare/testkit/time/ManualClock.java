package dev.fanfare.testkit.time;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;

/// A clock that a test sets and moves. Thread-safe.
public final class ManualClock extends Clock {
  /// Where a clock starts if a test doesn't care.
  public static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private final AtomicReference<Instant> now;
  private final ZoneId zone;

  private ManualClock(AtomicReference<Instant> now, ZoneId zone) {
    this.now = now;
    this.zone = zone;
  }

  public static ManualClock atStart() {
    return at(START);
  }

  public static ManualClock at(Instant start) {
    return new ManualClock(new AtomicReference<>(start), ZoneOffset.UTC);
  }

  @Override
  public Instant instant() {
    return now.get();
  }

  /// Moves the time on, and returns the new one.
  public Instant advance(Duration by) {
    return now.updateAndGet(then -> then.plus(by));
  }

  /// Sets the time, backwards too, as clocks of real machines do.
  public void set(Instant instant) {
    now.set(instant);
  }

  @Override
  public ZoneId getZone() {
    return zone;
  }

  /// The same time, moved by either, in another zone.
  @Override
  public ManualClock withZone(ZoneId other) {
    return new ManualClock(now, other);
  }
}
