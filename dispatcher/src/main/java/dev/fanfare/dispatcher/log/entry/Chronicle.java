package dev.fanfare.dispatcher.log.entry;

import dev.fanfare.dispatcher.log.entry.DeliveryState.Last;
import dev.fanfare.dispatcher.log.entry.DeliveryState.Names;
import dev.fanfare.dispatcher.log.ledger.Place;
import dev.fanfare.dispatcher.log.ledger.Place.Kind;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// What a record makes of a delivery's state. The topics are read beside each other, so records of
/// one delivery come in any order and the result is the same: an end stays an end, a later place
/// wins over an earlier one, and an attempt seen before its delivery waits for it.
public final class Chronicle {
  private static final String DELIVERED = "delivered";
  private static final String RETRY = "retry";
  private static final String DEFERRED = "deferred";
  private static final String DEAD = "dead";
  private static final String ENDPOINT_DELETED = "endpoint_deleted";
  private static final String NO_RUNG = "";
  private static final long NO_RECORD = -1;

  private Chronicle() {}

  /// Where and when the log met a record.
  ///
  /// @param offset in its partition
  /// @param at the record's own time, milliseconds since the epoch
  /// @param now the log's time
  /// @param bytes that the log keeps of it
  public record Met(long offset, long at, long now, long bytes) {}

  /// A delivery on its topic: opened, or back from the ladder.
  public static DeliveryState delivery(Optional<DeliveryState> before, Delivery record, Met met) {
    return seen(before, record, Kind.DELIVERIES, NO_RUNG, met);
  }

  /// A delivery on a rung. One that was not seen opened is opened by it.
  public static DeliveryState waiting(
      Optional<DeliveryState> before, Delivery record, String rung, Met met) {
    return seen(before, record, Kind.RUNG, rung, met);
  }

  private static DeliveryState seen(
      Optional<DeliveryState> before, Delivery record, Kind kind, String rung, Met met) {
    var place = new Place(kind, rung, record.getDueAt().toEpochMilli(), met.offset(), met.now());
    var first = first(record, place, met);
    if (before.isEmpty()) {
      return first;
    }
    var known = before.get();
    var state = known.opened() ? known : known.openedAs(first);
    if (state.status().isFinal()) {
      return state;
    }
    var at = state.place().filter(other -> !place.isAfter(other)).orElse(place);
    return state
        .attempted(Math.max(state.attempts(), record.getAttempts()), state.last(), 0)
        .waitingAt(at, met.at());
  }

  private static DeliveryState first(Delivery record, Place place, Met met) {
    return new DeliveryState(
        names(record),
        record.getCreatedAt().toEpochMilli(),
        met.at(),
        record.getExpiresAt().toEpochMilli(),
        true,
        record.getAttempts() > 0 ? DeliveryStatus.RETRYING : DeliveryStatus.PENDING,
        record.getAttempts(),
        Optional.of(place),
        Last.NONE,
        met.bytes());
  }

  /// An attempt, settled.
  public static DeliveryState attempt(Optional<DeliveryState> before, Attempt record, Met met) {
    var known = before.orElseGet(() -> unopened(record, met));
    var state = known.attempted(record.getAttempt(), brought(record, known), met.bytes());
    if (state.status().isFinal()) {
      return state;
    }
    return switch (record.getOutcome()) {
      case DELIVERED -> state.endedAs(DeliveryStatus.DELIVERED, met.at(), met.now());
      case DEAD ->
          state.waitingAt(new Place(Kind.DYING, NO_RUNG, 0, NO_RECORD, met.now()), met.at());
      case RETRY, DEFERRED -> announced(state, record.getDueAt(), met);
      default -> state; // a word of a later version
    };
  }

  private static Last brought(Attempt record, DeliveryState known) {
    return new Last(
        record.getStatus() == null ? 0 : record.getStatus(),
        Optional.ofNullable(record.getError()),
        record.getOutcome().equals(DEAD)
            ? Optional.ofNullable(record.getReason())
            : known.last().reason());
  }

  private static DeliveryState announced(DeliveryState state, @Nullable Instant dueAt, Met met) {
    long due = dueAt == null ? 0 : dueAt.toEpochMilli();
    var place = new Place(Kind.ANNOUNCED, NO_RUNG, due, NO_RECORD, met.now());
    var at =
        state
            .place()
            .filter(other -> other.kind() == Kind.UNOPENED || !place.isAfter(other))
            .orElse(place);
    return state.waitingAt(at, met.at());
  }

  private static DeliveryState unopened(Attempt record, Met met) {
    var names =
        new Names(
            record.getDeliveryId(),
            record.getEventId(),
            record.getSubscriptionId(),
            record.getTenant(),
            record.getType(),
            record.getMessageId(),
            record.getRecipient(),
            Optional.ofNullable(record.getReplayId()),
            Optional.empty());
    return new DeliveryState(
        names,
        record.getStartedAt().toEpochMilli(),
        met.at(),
        0,
        false,
        DeliveryStatus.PENDING,
        0,
        Optional.of(DeliveryState.unopenedAt(met.now())),
        Last.NONE,
        0);
  }

  /// A dead letter. It carries the whole delivery, so that much is known even of one that was never
  /// seen opened.
  public static DeliveryState dead(Optional<DeliveryState> before, DeadLetter record, Met met) {
    var known = before.orElseGet(() -> unopened(record.getDelivery(), met));
    if (known.status().isFinal()) {
      return known;
    }
    var last =
        new Last(
            record.getStatus() == null ? known.last().status() : record.getStatus(),
            Optional.ofNullable(record.getError()).or(() -> known.last().error()),
            Optional.of(record.getReason()));
    var status =
        record.getReason().equals(ENDPOINT_DELETED)
            ? DeliveryStatus.CANCELLED
            : DeliveryStatus.DEAD_LETTERED;
    return known
        .attempted(Math.max(known.attempts(), record.getDelivery().getAttempts()), last, 0)
        .endedAs(status, record.getDiedAt().toEpochMilli(), met.now());
  }

  private static DeliveryState unopened(Delivery record, Met met) {
    var first = first(record, DeliveryState.unopenedAt(met.now()), met);
    return new DeliveryState(
        first.names(),
        first.createdAt(),
        first.updatedAt(),
        first.expiresAt(),
        false,
        first.status(),
        first.attempts(),
        first.place(),
        Last.NONE,
        0);
  }

  private static Names names(Delivery record) {
    return new Names(
        record.getDeliveryId(),
        record.getEventId(),
        record.getSubscriptionId(),
        record.getTenant(),
        record.getType(),
        record.getMessageId(),
        record.getRecipient(),
        Optional.ofNullable(record.getReplayId()),
        Optional.ofNullable(record.getOriginDeliveryId()));
  }
}
