package dev.fanfare.retry.replay;

import dev.fanfare.retry.deadletter.DeadLetterReason;
import dev.fanfare.retry.deadletter.Fingerprint;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// What a replay selects: all that is given must hold. What does not apply to a source (reasons to
/// events) is refused where jobs are made, not here.
///
/// @param types exact, a family such as `email.*`, or `*`; any when empty
/// @param since not before: the time of death of a dead letter, of creation of a delivery, of
///   occurrence of an event
/// @param until before, of the same time
/// @param status word of the delivery log; who reads the log judges it
/// @param reasons codes of dead letters; any when empty
/// @param recipient upper and lower case are the same
/// @param ids of deliveries; any when empty
public record ReplayFilter(
    Optional<String> subscription,
    Optional<String> tenant,
    Set<String> types,
    Optional<Instant> since,
    Optional<Instant> until,
    Optional<String> status,
    Set<String> reasons,
    Optional<Fingerprint> fingerprint,
    Optional<String> recipient,
    Set<String> ids) {
  public static final ReplayFilter ALL =
      new ReplayFilter(
          Optional.empty(),
          Optional.empty(),
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Set.of(),
          Optional.empty(),
          Optional.empty(),
          Set.of());

  private static final String FAMILY = ".*";
  private static final String ALL_TYPES = "*";

  public ReplayFilter {
    types = Set.copyOf(types);
    reasons = Set.copyOf(reasons);
    ids = Set.copyOf(ids);
  }

  /// Whether a dead letter can have this reason.
  public static boolean isReason(String code) {
    return Stream.of(DeadLetterReason.values()).anyMatch(reason -> reason.code().equals(code));
  }

  /// Nothing but these deliveries.
  public static ReplayFilter only(Set<String> ids) {
    return new ReplayFilter(
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        Optional.empty(),
        Optional.empty(),
        ids);
  }

  /// The same, of this tenant only.
  public ReplayFilter within(String owner) {
    return new ReplayFilter(
        subscription,
        Optional.of(owner),
        types,
        since,
        until,
        status,
        reasons,
        fingerprint,
        recipient,
        ids);
  }

  public boolean matches(DeadLetter letter) {
    return matches(letter.getDelivery(), letter.getDiedAt())
        && (reasons.isEmpty() || reasons.contains(letter.getReason()))
        && fingerprint.filter(wanted -> !wanted.equals(Fingerprint.of(letter))).isEmpty();
  }

  /// All but the status.
  public boolean matches(Delivery delivery) {
    return matches(delivery, delivery.getCreatedAt());
  }

  /// All but the subscription, whose own selector says whether it wants the event.
  public boolean matches(EmailEvent event) {
    return of(tenant, event.getTenant())
        && type(event.getType())
        && within(event.getOccurredAt())
        && recipient(event.getRecipient());
  }

  private boolean matches(Delivery delivery, Instant at) {
    return of(subscription, delivery.getSubscriptionId())
        && of(tenant, delivery.getTenant())
        && type(delivery.getType())
        && within(at)
        && recipient(delivery.getRecipient())
        && (ids.isEmpty() || ids.contains(delivery.getDeliveryId()));
  }

  private static boolean of(Optional<String> wanted, String found) {
    return wanted.isEmpty() || wanted.get().equals(found);
  }

  private boolean type(String found) {
    return types.isEmpty() || types.stream().anyMatch(wanted -> takes(wanted, found));
  }

  private static boolean takes(String wanted, String found) {
    if (wanted.endsWith(FAMILY)) {
      return found.startsWith(wanted.substring(0, wanted.length() - 1));
    }
    return wanted.equals(ALL_TYPES) || wanted.equals(found);
  }

  private boolean within(Instant at) {
    return since.filter(at::isBefore).isEmpty() && until.filter(end -> !at.isBefore(end)).isEmpty();
  }

  private boolean recipient(String found) {
    return recipient.isEmpty() || recipient.get().equalsIgnoreCase(found);
  }
}
