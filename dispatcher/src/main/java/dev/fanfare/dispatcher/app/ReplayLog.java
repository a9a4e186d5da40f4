package dev.fanfare.dispatcher.app;

import dev.fanfare.dispatcher.control.OriginalDeliveries.Lookup;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.dispatcher.log.query.LogQueries;
import dev.fanfare.dispatcher.log.topology.Keeping;
import dev.fanfare.retry.replay.runner.Surroundings.Unavailable;
import dev.fanfare.schemas.avro.Delivery;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/// The delivery log as replays ask it.
final class ReplayLog {
  private ReplayLog() {}

  /// @throws Unavailable if a part of the log can't answer
  static Map<String, String> statuses(LogRole log, Collection<Delivery> deliveries) {
    var queries = log.queries().orElseThrow(() -> new Unavailable("the delivery log is starting"));
    var statuses = new HashMap<String, String>();
    for (var delivery : deliveries) {
      var found = queries.find(delivery.getDeliveryId());
      found
          .story()
          .ifPresent(it -> statuses.put(delivery.getDeliveryId(), it.state().status().word()));
      if (found.story().isEmpty() && !found.missing().isEmpty()) {
        throw new Unavailable("the delivery log lacks the partitions " + found.missing());
      }
    }
    return statuses;
  }

  static Lookup original(LogRole log, String id) {
    return log.queries()
        .map(queries -> original(queries, id))
        .orElseGet(() -> new Lookup.Unavailable("the delivery log is starting"));
  }

  private static Lookup original(LogQueries queries, String id) {
    var found = queries.find(id);
    if (found.story().isEmpty()) {
      return found.missing().isEmpty()
          ? new Lookup.Unknown()
          : new Lookup.Unavailable("the delivery log lacks the partitions " + found.missing());
    }
    return found
        .story()
        .flatMap(LogQueries.Story::opening)
        .filter(ReplayLog::isWhole)
        .<Lookup>map(Lookup.Found::new)
        .orElseGet(() -> new Lookup.Unavailable("the delivery log does not have all of it"));
  }

  /// What is redacted in the log can't be sent again from there: it is searched for where it is
  /// whole.
  private static boolean isWhole(Delivery opening) {
    return opening.getPayload().hasRemaining() && !opening.getRecipient().equals(Keeping.REDACTED);
  }
}
