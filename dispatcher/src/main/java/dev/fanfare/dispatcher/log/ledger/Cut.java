package dev.fanfare.dispatcher.log.ledger;

import java.util.Map;

/// How far everybody had got with one partition number at one moment. It may be judged by once the
/// log has read everything that the topics held then.
///
/// @param at when, milliseconds since the epoch
/// @param deliveries of the topic of deliveries
/// @param rungs by label
/// @param complete whether the log has seen the topic of deliveries from its first record on
public record Cut(long at, Reach deliveries, Map<String, Reach> rungs, boolean complete) {
  /// @param start the oldest record that the topic still holds
  /// @param taken records below this one are settled by the stage that reads them; what becomes of
  ///   them was written in the same transaction
  public record Reach(long start, long taken) {
    public static final Reach NOTHING = new Reach(0, 0);
  }

  public Cut {
    rungs = Map.copyOf(rungs);
  }
}
