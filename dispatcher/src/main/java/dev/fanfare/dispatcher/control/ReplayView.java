package dev.fanfare.dispatcher.control;

import dev.fanfare.retry.replay.Orders;
import dev.fanfare.retry.replay.RateCap;
import dev.fanfare.retry.replay.ReplayJob;
import java.util.Optional;
import java.util.OptionalLong;

/// A replay as it is shown.
///
/// @param orders what people ask of it
/// @param rate at which it goes, the default included
public record ReplayView(ReplayJob job, Orders orders, double rate) {

  /// What has been asked of it and not been done yet.
  public Optional<String> requested() {
    if (job.state().heed(orders).equals(job.state())) {
      return Optional.empty();
    }
    return Optional.of(orders.cancel() ? "cancel" : orders.hold().word());
  }

  /// How long it will take from now; empty before it has been counted.
  public OptionalLong estimatedSeconds() {
    if (job.state().isOver()) {
      return OptionalLong.of(0);
    }
    var progress = job.state().progress();
    return progress.total() == 0
        ? OptionalLong.empty()
        : OptionalLong.of(RateCap.estimatedSeconds(progress.remaining(), rate));
  }
}
