package dev.fanfare.dispatcher.delivery.lane;

import dev.fanfare.dispatcher.delivery.lane.LaneStep.Idle;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.NoRoom;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.Reason;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.Shed;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.Start;
import dev.fanfare.dispatcher.delivery.lane.LaneStep.WaitUntil;
import java.util.ArrayDeque;
import java.util.OptionalDouble;
import java.util.function.Predicate;

/// One subscription's lane: what waits, what is in flight and what may start. Whoever owns it asks
/// [#next] until it is told to wait, and reports each end by [#completed].
///
/// A lane sheds rather than hold its partition. What is shed takes the next free slot after
/// everything that was shed before it, at the speed that the lane has shown when its endpoint was
/// well: a backlog spreads over its drain time and each delivery hops a few times, not every few
/// seconds. An endpoint that takes nothing says nothing about its speed, so then it is the time
/// since its last success that the wait grows with: half of it, and no guess reaches further than
/// half an hour.
public final class Lane<D> {
  /// What rests on a guess comes back after this at the latest, for another look.
  private static final long LONGEST_GUESS_MS = 30 * 60_000;

  private final LaneSettings settings;
  private final WaitingLine<D> waiting = new WaitingLine<>();
  private final ArrayDeque<Long> startedAtMs = new ArrayDeque<>();
  private final ConcurrencyLimit limit;
  private final TokenBucket bucket;
  private final WellSpeed wellSpeed = new WellSpeed();
  private DrainEstimate drain = new DrainEstimate();
  private Breaker breaker = Breaker.closed();
  private int surplus;
  private double nextSlotMs;
  private long takenAtMs;
  private boolean well;

  public Lane(LaneSettings settings, long nowMs) {
    this.settings = settings;
    this.takenAtMs = nowMs;
    this.limit = new ConcurrencyLimit(settings.concurrency());
    this.bucket = new TokenBucket(OptionalDouble.empty(), nowMs);
  }

  /// Takes over limits that may have changed.
  public void limits(OptionalDouble ratePerSecond, int concurrency) {
    limit.most(concurrency);
    if (!ratePerSecond.equals(bucket.rate())) {
      bucket.rate(ratePerSecond);
    }
  }

  public void offer(D delivery, Priority priority, long nowMs) {
    if (waiting.size() == 0 && inFlight() == 0 && breaker instanceof Breaker.Closed) {
      takenAtMs = nowMs; // nothing was there to be taken
    }
    drain.begin(nowMs);
    waiting.add(delivery, priority);
    if (waiting.size() > settings.queue()) {
      surplus++;
    }
  }

  /// Looks for what would wait longer than the lane's patience; from now on [#next] sheds it. To be
  /// called now and then, e.g. once a second.
  public void trim(long nowMs) {
    if (drain.isKnown(nowMs) || bucket.rate().isPresent()) {
      surplus = Math.max(surplus, waiting.size() - affordable(nowMs));
    }
  }

  /// How many may wait without any of them waiting longer than the lane's patience.
  private int affordable(long nowMs) {
    double inTime = perSecond(nowMs) * settings.patience().toMillis() / 1000;
    return (int) Math.max(limit.limit(), Math.min(inTime, Integer.MAX_VALUE));
  }

  /// @param room whether there is room for one more call; without it nothing starts
  public LaneStep<D> next(long nowMs, boolean room) {
    if (breaker instanceof Breaker.Open open) {
      breaker = open.at(nowMs);
    }
    if (waiting.size() == 0) {
      surplus = 0;
      return new Idle<>();
    }
    if (breaker instanceof Breaker.Open open) {
      return shed(open.untilMs(), Reason.BREAKER_OPEN, nowMs);
    }
    if (surplus > 0) {
      if (waiting.size() > affordable(nowMs)) {
        surplus--;
        return shed(nowMs, Reason.LANE_FULL, nowMs);
      }
      surplus = 0;
    }
    if (inFlight() >= slots()) {
      return new Idle<>();
    }
    long readyAtMs = bucket.readyAtMs(nowMs);
    if (readyAtMs > nowMs) {
      return new WaitUntil<>(readyAtMs);
    }
    if (!room) {
      // That the worker is short of room says nothing about the endpoint.
      drain = new DrainEstimate();
      drain.begin(nowMs);
      return new NoRoom<>();
    }
    bucket.take(nowMs);
    startedAtMs.addLast(nowMs);
    limit.started(inFlight());
    return new Start<>(waiting.first());
  }

  private Shed<D> shed(long notBeforeMs, Reason reason, long nowMs) {
    double guess = wellSpeed.perSecond(limit.most());
    double rate = bucket.rate().orElse(Double.MAX_VALUE);
    double earliestMs = Math.max(notBeforeMs, nowMs + pauseMs(nowMs));
    nextSlotMs = Math.max(nextSlotMs, earliestMs) + 1000 / Math.min(rate, guess);
    if (rate > guess) {
      nextSlotMs = Math.min(nextSlotMs, (double) Math.max(notBeforeMs, nowMs + LONGEST_GUESS_MS));
    }
    return new Shed<>(waiting.last(), (long) nextSlotMs, reason);
  }

  /// How long to leave the endpoint alone with what is shed now.
  private long pauseMs(long nowMs) {
    long untakenMs = nowMs - takenAtMs;
    return Math.max(settings.patience().toMillis(), Math.min(untakenMs / 2, LONGEST_GUESS_MS));
  }

  /// An attempt that [#next] started has ended.
  ///
  /// @param started the time at which [#next] said so
  public void completed(long started, Sample sample, long nowMs) {
    startedAtMs.removeFirstOccurrence(started);
    if (sample != Sample.NEUTRAL) {
      well = sample == Sample.SUCCESS;
      drain.completed(nowMs);
      if (sample == Sample.SUCCESS) {
        limit.succeeded(started);
        if (drain.isKnown(nowMs)) {
          wellSpeed.served(drain.perSecond(slots(), limit.most(), 0, nowMs), nowMs);
        }
        takenAtMs = nowMs;
      } else {
        limit.failed(started, nowMs);
      }
      learn(sample == Sample.SUCCESS, nowMs);
    }
    limit.ended(inFlight());
    if (waiting.size() == 0 && startedAtMs.isEmpty()) {
      drain.end(nowMs);
    }
  }

  private void learn(boolean success, long nowMs) {
    var before = breaker;
    breaker =
        switch (before) {
          case Breaker.Closed closed -> closed.ended(success, settings.breaker(), nowMs);
          case Breaker.HalfOpen halfOpen -> halfOpen.ended(success, settings.breaker(), nowMs);
          case Breaker.Open open -> open; // an attempt from before it opened
        };
    if (breaker instanceof Breaker.Open && !(before instanceof Breaker.Open)) {
      limit.restart(nowMs);
    }
    if (breaker instanceof Breaker.Closed && before instanceof Breaker.HalfOpen) {
      drain = new DrainEstimate(); // what was learnt of it while it was ill is of no use
      drain.begin(nowMs);
    }
  }

  private int slots() {
    return breaker instanceof Breaker.HalfOpen ? 1 : limit.limit();
  }

  private double perSecond(long nowMs) {
    Long oldest = startedAtMs.peekFirst();
    double measured =
        drain.perSecond(slots(), limit.most(), oldest == null ? 0 : nowMs - oldest, nowMs);
    return Math.min(measured, bucket.rate().orElse(Double.MAX_VALUE));
  }

  /// Takes away what waits and the test holds for; what is in flight stays.
  public void withdraw(Predicate<D> test) {
    waiting.removeIf(test);
  }

  public int waiting() {
    return waiting.size();
  }

  public int inFlight() {
    return startedAtMs.size();
  }

  /// Whether the endpoint worked when it was last heard of.
  public boolean isWell() {
    return well;
  }

  public Breaker breaker() {
    return breaker;
  }

  /// Whether nothing is known here that a new lane would not know.
  public boolean isForgettable() {
    return waiting.size() == 0 && startedAtMs.isEmpty() && breaker instanceof Breaker.Closed;
  }
}
