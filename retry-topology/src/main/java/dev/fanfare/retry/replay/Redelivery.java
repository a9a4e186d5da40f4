package dev.fanfare.retry.replay;

import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.id.DeliveryId;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/// Makes the delivery that a replay releases: the same event, type and payload, and so the same
/// `webhook-id`; a life and an account of its own. Its id is derived from job and origin, so the
/// same job cannot make two of one origin.
public final class Redelivery {
  private Redelivery() {}

  /// @param origin the delivery that is delivered again
  /// @param lifetime how long it may be attempted
  public static Delivery again(Delivery origin, String replayId, Instant now, Duration lifetime) {
    return made(origin, replayId, now, lifetime).setOriginDeliveryId(rootOf(origin)).build();
  }

  /// @param missed the delivery that fan-out would have made of an event
  public static Delivery first(Delivery missed, String replayId, Instant now, Duration lifetime) {
    return made(missed, replayId, now, lifetime).setOriginDeliveryId(null).build();
  }

  private static Delivery.Builder made(
      Delivery origin, String replayId, Instant now, Duration lifetime) {
    var at = now.truncatedTo(ChronoUnit.MILLIS);
    return Delivery.newBuilder(origin)
        .setDeliveryId(DeliveryId.replayed(replayId, origin.getDeliveryId()).value())
        .setReplayId(replayId)
        .setCreatedAt(at)
        .setExpiresAt(at.plus(lifetime))
        .setDueAt(at)
        .setAttempts(0);
  }

  /// The delivery that was first, however often it was replayed since: a replay of a replay points
  /// to it too.
  public static String rootOf(Delivery delivery) {
    var origin = delivery.getOriginDeliveryId();
    return origin == null ? delivery.getDeliveryId() : origin;
  }

  /// Whether the record on `fanfare.deliveries` is the one with which the delivery began. It comes
  /// back with every retry and every deferral, but then it is due later than it was made.
  public static boolean isBeginning(Delivery record) {
    return record.getAttempts() == 0 && record.getDueAt().equals(record.getCreatedAt());
  }
}
