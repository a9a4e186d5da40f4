package dev.fanfare.dispatcher.log.entry;

import dev.fanfare.dispatcher.log.ledger.Place;
import java.util.Optional;

/// What is known of a delivery, its history and payload aside. Times are milliseconds since the
/// epoch.
///
/// @param names what identifies it; never changes
/// @param createdAt when it was opened; for one that was never seen opened, its first attempt's
///   start. Never changes, since it is found by it
/// @param expiresAt 0 when not known
/// @param opened whether it was seen on the topic of deliveries
/// @param place where it is; empty once it has ended
/// @param last what the last attempt brought
/// @param bytes what payload and history take
public record DeliveryState(
    Names names,
    long createdAt,
    long updatedAt,
    long expiresAt,
    boolean opened,
    DeliveryStatus status,
    int attempts,
    Optional<Place> place,
    Last last,
    long bytes) {

  /// @param deliveryId its own name
  /// @param replayId of the replay job that made it
  /// @param originId of the delivery that it repeats
  public record Names(
      String deliveryId,
      String eventId,
      String subscriptionId,
      String tenant,
      String type,
      String messageId,
      String recipient,
      Optional<String> replayId,
      Optional<String> originId) {}

  /// @param status HTTP status; 0 when no answer came
  /// @param error class of the error
  /// @param reason why it ended without success
  public record Last(int status, Optional<String> error, Optional<String> reason) {
    public static final Last NONE = new Last(0, Optional.empty(), Optional.empty());
  }

  public Position position() {
    return new Position(createdAt, names.deliveryId());
  }

  /// When it is tried next; empty when it is not waiting.
  public Optional<Long> dueAt() {
    return place.filter(it -> it.dueAt() > 0).map(Place::dueAt);
  }

  /// The place of one that was never seen on the topic of deliveries.
  static Place unopenedAt(long now) {
    return new Place(Place.Kind.UNOPENED, "", 0, -1, now);
  }

  DeliveryState waitingAt(Place at, long when) {
    return with(
        attempts > 0 ? DeliveryStatus.RETRYING : DeliveryStatus.PENDING, Optional.of(at), when);
  }

  /// One that was never opened stays on the list of those that are looked at.
  DeliveryState endedAs(DeliveryStatus end, long when, long now) {
    return with(end, opened ? Optional.empty() : Optional.of(unopenedAt(now)), when);
  }

  private DeliveryState with(DeliveryStatus next, Optional<Place> at, long when) {
    return new DeliveryState(
        names,
        createdAt,
        Math.max(updatedAt, when),
        expiresAt,
        opened,
        next,
        attempts,
        at,
        last,
        bytes);
  }

  /// What an attempt brought counts if none later is known; once it has ended, only if nothing is.
  DeliveryState attempted(int made, Last brought, long moreBytes) {
    boolean counts = made >= attempts && (!status.isFinal() || last.equals(Last.NONE));
    return new DeliveryState(
        names,
        createdAt,
        updatedAt,
        expiresAt,
        opened,
        status,
        Math.max(attempts, made),
        place,
        counts ? brought : last,
        bytes + moreBytes);
  }

  /// Times by which it is found stay as they are.
  DeliveryState openedAs(DeliveryState first) {
    return new DeliveryState(
        first.names,
        createdAt,
        updatedAt,
        first.expiresAt,
        true,
        status,
        Math.max(attempts, first.attempts),
        status.isFinal() ? Optional.empty() : place,
        last,
        bytes + first.bytes);
  }
}
