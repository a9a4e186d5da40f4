package dev.fanfare.schemas.catalogue;

import dev.fanfare.schemas.json.Version;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Every event type that Fanfare knows. Immutable.
///
/// To add a type: one line in [#standard], one example in `Examples`, and, if it has details of its
/// own, a record in `EmailEvent.avsc`. To add a field to existing types: give it `"since": "1.1"`
/// in the Avro schema and add that version here; subscriptions that pinned 1.0 go on without it.
public final class EventCatalogue {
  private static final String ALL = "*";
  private static final String WITH_PREFIX = ".*";
  private static final EventCatalogue STANDARD =
      new EventCatalogue(
          List.of(
              type("email.queued", "The platform accepted the mail.", "submission"),
              type("email.sent", "The mail left the platform's queue for delivery.", "submission"),
              type("email.delivered", "The receiving server accepted the mail.", "delivery"),
              type(
                  "email.deferred",
                  "The receiving server put the mail off; the platform tries again.",
                  "deferral"),
              type("email.bounced", "The mail was refused for good.", "bounce"),
              type("email.dropped", "The platform did not try to deliver the mail.", "drop"),
              type("email.opened", "The mail was opened, by a person or a machine.", "open"),
              type(
                  "email.clicked",
                  "A link in the mail was followed, by a person or a machine.",
                  "click"),
              type("email.complained", "The recipient reported the mail as spam.", "complaint"),
              type(
                  "email.unsubscribed",
                  "The recipient asked not to get such mail any more.",
                  "unsubscribe"),
              type(
                  "email.resubscribed",
                  "The recipient took an unsubscription back.",
                  "unsubscribe"),
              type("email.received", "A mail arrived for an inbox of the platform.", "inbound"),
              type("email.auto_replied", "A machine answered the mail.", "auto_reply"),
              type(
                  "contact.engagement_changed",
                  "How much a contact reacts to mail changed.",
                  "engagement"),
              type(
                  "suppression.added",
                  "An address was put on the suppression list.",
                  "suppression"),
              type(
                  "suppression.removed",
                  "An address was taken off the suppression list.",
                  "suppression")));

  private final Map<String, EventType> byName;
  private final List<EventType> types;

  /// @throws IllegalArgumentException if two types have the same name
  public EventCatalogue(List<EventType> types) {
    this.types = List.copyOf(types);
    this.byName = new LinkedHashMap<>();
    for (var type : types) {
      if (byName.put(type.name(), type) != null) {
        throw new IllegalArgumentException("two event types are called " + type.name());
      }
    }
  }

  /// The types of this release.
  public static EventCatalogue standard() {
    return STANDARD;
  }

  /// In the order in which a mail usually meets them.
  public List<EventType> types() {
    return types;
  }

  public Optional<EventType> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  /// The types that a subscription's pattern selects: a type by its name, all below a prefix
  /// (`email.*`), or all (`*`). A pattern of any other form selects none.
  public List<EventType> matching(String pattern) {
    if (pattern.equals(ALL)) {
      return types;
    }
    if (pattern.endsWith(WITH_PREFIX)) {
      var prefix = pattern.substring(0, pattern.length() - 1);
      return types.stream().filter(type -> type.name().startsWith(prefix)).toList();
    }
    return find(pattern).stream().toList();
  }

  /// Whether a subscription's pattern selects at least one known type; if not, it would wait for
  /// ever for an event that never comes.
  public boolean isUsable(String pattern) {
    return !matching(pattern).isEmpty();
  }

  private static EventType type(String name, String description, String detail) {
    var example = Examples.of(name);
    var first = SchemaVersion.of(name, description, Optional.of(detail), Version.FIRST, example);
    return new EventType(name, description, Optional.of(detail), example, List.of(first));
  }
}
