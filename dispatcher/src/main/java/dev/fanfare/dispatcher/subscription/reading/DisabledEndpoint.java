package dev.fanfare.dispatcher.subscription.reading;

import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.avro.Subscription;
import org.jspecify.annotations.Nullable;

/// A subscription as its owner wrote it, and what became of its endpoint: disabled when the worker
/// gave it up. The two are written by different hands and so to different records; whatever the
/// owner writes later has another version and makes an older finding void.
public final class DisabledEndpoint {
  private DisabledEndpoint() {}

  /// What counts of the two: the record itself, or a disabled copy of it.
  ///
  /// @param state what is known of its endpoint; null when nothing is
  public static Subscription seen(Subscription written, @Nullable EndpointState state) {
    if (state == null
        || state.getDisabledAt() == null
        || state.getSubscriptionVersion() != written.getVersion()
        || written.getStatus().equals(Status.DISABLED.code())) {
      return written;
    }
    return Subscription.newBuilder(written)
        .setStatus(Status.DISABLED.code())
        .setStatusReason(state.getReason())
        .setUpdatedAt(state.getDisabledAt())
        .build();
  }
}
