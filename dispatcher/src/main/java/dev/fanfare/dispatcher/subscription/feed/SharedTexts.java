package dev.fanfare.dispatcher.subscription.feed;

import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.id.SubscriptionId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificRecordBase;

/// Lets the subscriptions in memory share what is the same in many of them: a decoded record has
/// its own copy of every `email.bounced`, and an array for every empty list. Of 100,000
/// subscriptions that is a quarter of the heap. Used by one thread.
final class SharedTexts {
  /// Of each kind; what comes after that many different ones is not shared.
  private static final int MOST = 200_000;

  private final Map<String, String> texts = new HashMap<>();
  private final Map<List<String>, List<String>> lists = new HashMap<>();

  /// Changes a record that nobody else has seen yet; what it says stays the same.
  void share(SubscriptionId id, Subscription decoded) {
    if (decoded.getId().equals(id.value())) {
      replace(decoded, "id", id.value());
    }
    for (var name : List.of("tenant", "signing", "format", "status")) {
      replace(decoded, name, shared(decoded.get(name).toString()));
    }
    replace(decoded, "event_types", shared(decoded.getEventTypes()));
    dropEmptyOnes(decoded);
    if (decoded.getFilter() != null) {
      dropEmptyOnes(decoded.getFilter());
    }
    for (var secret : decoded.getSecrets()) {
      replace(secret, "kind", shared(secret.getKind()));
    }
  }

  private static void dropEmptyOnes(SpecificRecordBase record) {
    for (var field : record.getSchema().getFields()) {
      var value = record.get(field.pos());
      if (value instanceof Collection<?> list && list.isEmpty()) {
        record.put(field.pos(), List.of());
      } else if (value instanceof Map<?, ?> map && map.isEmpty()) {
        record.put(field.pos(), Map.of());
      }
    }
  }

  private static void replace(SpecificRecordBase record, String name, Object value) {
    Schema.Field field = record.getSchema().getField(name);
    record.put(field.pos(), value);
  }

  private String shared(String text) {
    var known = texts.get(text);
    if (known != null) {
      return known;
    }
    if (texts.size() < MOST) {
      texts.put(text, text);
    }
    return text;
  }

  private List<String> shared(List<String> given) {
    var known = lists.get(given);
    if (known != null) {
      return known;
    }
    var copy = List.copyOf(given.stream().map(this::shared).toList());
    if (lists.size() < MOST) {
      lists.put(copy, copy);
    }
    return copy;
  }
}
