package dev.fanfare.dispatcher.delivery.outcome;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Since when an endpoint has done nothing but fail, for as long as one worker calls it; what of
/// that the next worker must know, and when the endpoint is to be given up.
///
/// ```
///          failure        a minute on: written down        so long on: given up
///   well ───────────▶ failing ─────────▶ Failing(since) ─────────────▶ GivenUp
///     ▲                   │                    │
///     ╰── success ────────┴── success: Well ───╯   (the word before is taken back)
/// ```
///
/// What an earlier worker has written down is handed in at each failure, since a table may lag
/// behind: it counts until the first success that is seen here, and nothing is given up before this
/// worker has itself seen failures for a minute, so that a word taken back is known to be.
///
/// An endpoint that fails now and then costs two records a minute at most.
public final class EndpointHealth {
  /// Longer than a table is ever behind.
  static final Duration SETTLED = Duration.ofMinutes(1);

  /// What is to be done about it.
  public sealed interface Finding {
    /// Nothing new.
    record Nothing() implements Finding {}

    /// To be written down: it has failed since then.
    record Failing(Instant since) implements Finding {}

    /// To be taken back: it works.
    record Well() implements Finding {}

    /// It has failed since then, for too long.
    record GivenUp(Instant since) implements Finding {}
  }

  private static final Finding NOTHING = new Finding.Nothing();
  private static final Finding WELL = new Finding.Well();

  private final Duration giveUpAfter;
  private @Nullable Instant firstFailure;
  private boolean worked;
  private boolean written;
  private boolean givenUp;

  /// @param giveUpAfter so long without a success
  public EndpointHealth(Duration giveUpAfter) {
    this.giveUpAfter = giveUpAfter;
  }

  /// @param told since when it fails as an earlier worker has written down; null when none has
  public Finding failed(@Nullable Instant told, Instant now) {
    var own = firstFailure == null ? now : firstFailure;
    firstFailure = own;
    var inherited = worked ? null : told;
    var since = inherited != null && inherited.isBefore(own) ? inherited : own;
    if (givenUp || now.isBefore(own.plus(SETTLED))) {
      return NOTHING;
    }
    if (!now.isBefore(since.plus(giveUpAfter))) {
      givenUp = true;
      return new Finding.GivenUp(since);
    }
    if (written || inherited != null) {
      return NOTHING;
    }
    written = true;
    return new Finding.Failing(since);
  }

  /// Whether it does nothing but work, and nothing else has been written down here.
  public boolean isForgettable() {
    return firstFailure == null && !written;
  }

  /// @param told as for [#failed]
  public Finding succeeded(@Nullable Instant told) {
    boolean isToTakeBack = written || (!worked && told != null);
    firstFailure = null;
    worked = true;
    written = false;
    return isToTakeBack ? WELL : NOTHING;
  }
}
