package dev.fanfare.dispatcher.log.entry;

import dev.fanfare.dispatcher.log.entry.Keys.Index;
import java.util.Locale;
import java.util.Optional;

/// Which deliveries are asked for. What is empty does not matter.
///
/// @param since created at or after, milliseconds since the epoch; 0 for no bound
/// @param until created before; [Long#MAX_VALUE] for no bound
public record Selection(
    Optional<String> subscription,
    Optional<String> tenant,
    Optional<DeliveryStatus> status,
    Optional<String> type,
    Optional<String> recipient,
    Optional<String> event,
    Optional<String> message,
    Optional<String> reason,
    long since,
    long until) {
  public static final Selection ALL =
      new Selection(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0,
          Long.MAX_VALUE);

  public Selection {
    recipient = recipient.map(Selection::normal);
  }

  /// Mailboxes differ by case in theory only.
  static String normal(String recipient) {
    return recipient.toLowerCase(Locale.ROOT);
  }

  /// Where to look for them.
  public sealed interface Lookup {
    /// @param index the narrowest that there is
    record ByIndex(Index index, String value) implements Lookup {}

    /// In the list of those that are open.
    record ByOpen() implements Lookup {}
  }

  public Lookup lookup() {
    if (event.isPresent()) {
      return new Lookup.ByIndex(Index.EVENT, event.get());
    }
    if (message.isPresent()) {
      return new Lookup.ByIndex(Index.MESSAGE, message.get());
    }
    if (recipient.isPresent()) {
      return new Lookup.ByIndex(Index.RECIPIENT, recipient.get());
    }
    if (status.filter(DeliveryStatus::isFailure).isPresent()) {
      return new Lookup.ByIndex(
          Index.FAILED, failed(status.get(), subscription.orElse(""), tenant.orElse("")));
    }
    if (status.filter(it -> !it.isFinal()).isPresent()) {
      return new Lookup.ByOpen();
    }
    if (subscription.isPresent()) {
      return new Lookup.ByIndex(Index.SUBSCRIPTION, subscription.get());
    }
    return tenant
        .map(it -> new Lookup.ByIndex(Index.TENANT, it))
        .orElseGet(() -> new Lookup.ByIndex(Index.ALL, ""));
  }

  /// The narrowest of the three under which a failed delivery stands.
  static String failed(DeliveryStatus status, String subscription, String tenant) {
    if (!subscription.isEmpty()) {
      return status.word() + "/s/" + subscription;
    }
    return tenant.isEmpty() ? status.word() : status.word() + "/t/" + tenant;
  }

  /// The narrowest of the three under which a dead letter stands.
  public String letters() {
    return letters(subscription.orElse(""), tenant.orElse(""));
  }

  static String letters(String subscription, String tenant) {
    if (!subscription.isEmpty()) {
      return "s/" + subscription;
    }
    return tenant.isEmpty() ? "" : "t/" + tenant;
  }

  public boolean matches(DeliveryState state) {
    return state.createdAt() >= since && state.createdAt() < until && matchesInAllButTime(state);
  }

  public boolean matchesInAllButTime(DeliveryState state) {
    var names = state.names();
    return is(subscription, names.subscriptionId())
        && is(tenant, names.tenant())
        && status.filter(it -> it != state.status()).isEmpty()
        && is(type, names.type())
        && is(recipient, normal(names.recipient()))
        && is(event, names.eventId())
        && is(message, names.messageId())
        && reason.filter(it -> !state.last().reason().equals(Optional.of(it))).isEmpty();
  }

  private static boolean is(Optional<String> wanted, String actual) {
    return wanted.isEmpty() || wanted.get().equals(actual);
  }

  /// Whether an open delivery may match, as far as the list of those says.
  public boolean mayMatch(StateCodec.Open open) {
    return is(subscription, open.subscriptionId())
        && is(tenant, open.tenant())
        && status.filter(it -> it != open.status()).isEmpty();
  }

  /// Where its list starts.
  public Position start() {
    return new Position(until == Long.MAX_VALUE ? Long.MAX_VALUE : until - 1, "");
  }
}
