package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.control.DecidedWriter.Decided;
import dev.fanfare.dispatcher.control.DecidedWriter.Decision;
import dev.fanfare.dispatcher.control.RecordWriter.Keyed;
import dev.fanfare.schemas.avro.Subscription;
import java.time.Duration;

/// Writes subscriptions again whose secrets are not sealed with the key that seals now, so that an
/// older key can be taken away, or what was written readable is readable no more. What an owner
/// sees of them does not change. Thread-safe.
///
/// The old records are gone from the topic when Kafka has compacted it.
public final class Resealing {
  private static final Duration CURRENT = Duration.ofSeconds(2);
  private static final Duration LONGEST = Duration.ofSeconds(5);

  private final KnownSubscriptions known;
  private final String topic;
  private final DecidedWriter decided;

  /// What was done.
  ///
  /// @param resealed how many were written
  /// @param left how many could not be opened, and stay as they are
  /// @param more whether the time was over before all had their turn
  public record Resealed(int resealed, int left, boolean more) {}

  public Resealing(KnownSubscriptions known, String topic, DecidedWriter decided) {
    this.known = known;
    this.topic = topic;
    this.decided = decided;
  }

  /// Returns after some seconds, done or not.
  public Change<Resealed> some() {
    long started = System.nanoTime();
    var _ = known.awaitCurrent(CURRENT);
    int resealed = 0;
    int left = 0;
    for (var id : known.sealedOtherwise()) {
      if (System.nanoTime() - started > LONGEST.toNanos()) {
        return new Change.Done<>(new Resealed(resealed, left, true));
      }
      switch (decided.<Boolean>decide(topic, known, () -> decision(id))) {
        case Decided.Done<Boolean>(var written) -> {
          resealed += written ? 1 : 0;
          left += written ? 0 : 1;
        }
        case Decided.Failed<Boolean>(var why) -> {
          return new Change.Unavailable<>(why);
        }
      }
    }
    return new Change.Done<>(new Resealed(resealed, left, false));
  }

  private Decision<Boolean> decision(String id) {
    return known
        .stored(id)
        .filter(Resealing::isOpen)
        .<Decision<Boolean>>map(it -> new Decision.Write<>(new Keyed(id, it), true))
        .orElseGet(() -> new Decision.Leave<>(false));
  }

  private static boolean isOpen(Subscription stored) {
    var authentication = stored.getAuthentication();
    return stored.getSecrets().stream().allMatch(it -> it.getKeyId() == null)
        && (authentication == null || authentication.getKeyId() == null);
  }
}
