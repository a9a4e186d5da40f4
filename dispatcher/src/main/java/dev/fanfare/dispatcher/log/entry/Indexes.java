package dev.fanfare.dispatcher.log.entry;

import dev.fanfare.dispatcher.log.entry.Keys.Index;
import java.util.ArrayList;
import java.util.List;

/// The keys under which a delivery is found.
public final class Indexes {
  private Indexes() {}

  /// Those that never change, written when it is first seen.
  public static List<byte[]> lasting(DeliveryState state) {
    var names = state.names();
    var at = state.position();
    var keys = new ArrayList<byte[]>(6);
    keys.add(Keys.index(Index.ALL, "", at));
    keys.add(Keys.index(Index.TENANT, names.tenant(), at));
    keys.add(Keys.index(Index.SUBSCRIPTION, names.subscriptionId(), at));
    keys.add(Keys.index(Index.RECIPIENT, Selection.normal(names.recipient()), at));
    keys.add(Keys.index(Index.EVENT, names.eventId(), at));
    keys.add(Keys.index(Index.MESSAGE, names.messageId(), at));
    return keys;
  }

  /// Those of a delivery that has failed; none for another.
  public static List<byte[]> ofFailure(DeliveryState state) {
    if (!state.status().isFailure()) {
      return List.of();
    }
    var names = state.names();
    var at = state.position();
    var died = new Position(state.updatedAt(), names.deliveryId());
    return List.of(
        failed(state, "", "", at),
        failed(state, names.subscriptionId(), "", at),
        failed(state, "", names.tenant(), at),
        letter("", "", died),
        letter(names.subscriptionId(), "", died),
        letter("", names.tenant(), died));
  }

  private static byte[] failed(
      DeliveryState state, String subscription, String tenant, Position at) {
    return Keys.index(Index.FAILED, Selection.failed(state.status(), subscription, tenant), at);
  }

  private static byte[] letter(String subscription, String tenant, Position died) {
    return Keys.index(Index.LETTER, Selection.letters(subscription, tenant), died);
  }
}
