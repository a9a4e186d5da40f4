package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.entry.DeliveryStatus;
import dev.fanfare.dispatcher.log.entry.Position;
import dev.fanfare.dispatcher.log.entry.Selection;
import dev.fanfare.dispatcher.log.entry.WireReader;
import dev.fanfare.dispatcher.log.entry.WireWriter;
import java.util.Optional;

/// What can be asked of a partition, here or at a peer.
public sealed interface Question {
  /// One delivery: its state, how it was opened, its attempts.
  record Find(String deliveryId) implements Question {}

  /// Deliveries, newest first.
  ///
  /// @param below the last one seen
  record Deliveries(Selection selection, Position below, int limit) implements Question {}

  /// Dead letters, the latest first.
  record Letters(Selection selection, Position below, int limit) implements Question {}

  /// Groups of dead letters.
  record Groups(Selection selection) implements Question {}

  /// Minutes, summed over steps.
  ///
  /// @param scope as in the keys of the minutes
  /// @param from minute since the epoch
  /// @param to exclusive
  /// @param step in minutes
  record Statistics(String scope, long from, long to, int step) implements Question {}

  /// The sums and the last balance.
  record Sum() implements Question {}

  /// What the last balance did not find.
  record Unaccounted() implements Question {}

  /// Whether a tenant's data is forgotten.
  ///
  /// @param start that it be so
  record Purge(String tenant, boolean start) implements Question {}

  /// What went wrong in some minutes, by scope.
  ///
  /// @param from minute since the epoch
  /// @param to exclusive
  record Failures(long from, long to) implements Question {}

  /// Which endpoints fail in a row, and whose deliveries have waited longest.
  record Standing() implements Question {}

  /// Endpoints that are left alone, of all or of one subscription.
  record Interruptions(Optional<String> subscription) implements Question {}

  static byte[] write(Question question) {
    var out = new WireWriter();
    switch (question) {
      case Find(var id) -> out.one(1).text(id);
      case Deliveries(var selection, var below, int limit) ->
          page(out.one(2), selection, below, limit);
      case Letters(var selection, var below, int limit) ->
          page(out.one(3), selection, below, limit);
      case Groups(var selection) -> selection(out.one(4), selection);
      case Statistics(var scope, long from, long to, int step) ->
          out.one(5).text(scope).number(from).number(to).number(step);
      case Sum() -> out.one(6);
      case Unaccounted() -> out.one(7);
      case Purge(var tenant, boolean start) -> out.one(8).text(tenant).flag(start);
      case Failures(long from, long to) -> out.one(9).number(from).number(to);
      case Standing() -> out.one(10);
      case Interruptions(var subscription) -> out.one(11).maybe(subscription.orElse(null));
    }
    return out.toBytes();
  }

  /// @throws IllegalArgumentException if the bytes are no question
  static Question read(byte[] bytes) {
    var in = new WireReader(bytes);
    return switch (in.one()) {
      case 1 -> new Find(in.text());
      case 2 -> new Deliveries(selection(in), position(in), (int) in.number());
      case 3 -> new Letters(selection(in), position(in), (int) in.number());
      case 4 -> new Groups(selection(in));
      case 5 -> new Statistics(in.text(), in.number(), in.number(), (int) in.number());
      case 6 -> new Sum();
      case 7 -> new Unaccounted();
      case 8 -> new Purge(in.text(), in.flag());
      case 9 -> new Failures(in.number(), in.number());
      case 10 -> new Standing();
      case 11 -> new Interruptions(in.maybe());
      default -> throw new IllegalArgumentException("an unknown question");
    };
  }

  private static void page(WireWriter out, Selection selection, Position below, int limit) {
    selection(out, selection);
    out.number(below.at()).text(below.id()).number(limit);
  }

  private static Position position(WireReader in) {
    return new Position(in.number(), in.text());
  }

  private static void selection(WireWriter out, Selection asked) {
    out.maybe(asked.subscription().orElse(null))
        .maybe(asked.tenant().orElse(null))
        .maybe(asked.status().map(DeliveryStatus::word).orElse(null))
        .maybe(asked.type().orElse(null))
        .maybe(asked.recipient().orElse(null))
        .maybe(asked.event().orElse(null))
        .maybe(asked.message().orElse(null))
        .maybe(asked.reason().orElse(null))
        .number(asked.since())
        .number(asked.until());
  }

  private static Selection selection(WireReader in) {
    Optional<String> subscription = in.maybe();
    Optional<String> tenant = in.maybe();
    var status = in.maybe().flatMap(DeliveryStatus::find);
    return new Selection(
        subscription,
        tenant,
        status,
        in.maybe(),
        in.maybe(),
        in.maybe(),
        in.maybe(),
        in.maybe(),
        in.number(),
        in.number());
  }
}
