package dev.fanfare.dispatcher.fanout;

import dev.fanfare.dispatcher.subscription.Condition;
import dev.fanfare.dispatcher.subscription.Selector;
import dev.fanfare.dispatcher.subscription.Subscription;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// One tenant's share of the index: pattern, then the inbox or recipient domain that the
/// subscription is narrowed to, then the subscriptions.
///
/// A subscription's distinct patterns take no type in common, it is filed under one kind of
/// narrowing only, and an event has one inbox and one domain: so nothing is found twice.
///
/// Every method locks, so that a reader sees a subscription either before a change or after it, and
/// never in neither place; what is done under the lock is a few look-ups and the copying of what
/// was found.
final class TenantSubscriptions {
  /// Most tenants have a few subscriptions, and there are many tenants: maps start small.
  private static final int FEW = 2;

  /// Those under one pattern.
  private static final class Shelf {
    final Map<String, Subscription> wide = new HashMap<>(FEW);
    final Map<String, Map<String, Subscription>> byInbox = new HashMap<>();
    final Map<String, Map<String, Subscription>> byDomain = new HashMap<>();

    boolean isEmpty() {
      return wide.isEmpty() && byInbox.isEmpty() && byDomain.isEmpty();
    }

    void collect(@Nullable String inbox, String domain, List<Subscription> into) {
      into.addAll(wide.values());
      if (inbox != null && !byInbox.isEmpty()) {
        into.addAll(byInbox.getOrDefault(inbox, Map.of()).values());
      }
      if (!byDomain.isEmpty()) {
        into.addAll(byDomain.getOrDefault(domain, Map.of()).values());
      }
    }
  }

  private final Map<String, Shelf> shelves = new HashMap<>(FEW);

  /// Puts `after` in the place of `before`, either of which may be missing.
  synchronized void replace(@Nullable Subscription before, @Nullable Subscription after) {
    if (before != null) {
      for (var pattern : before.selector().distinctPatterns()) {
        remove(pattern, before);
      }
    }
    if (after != null) {
      for (var pattern : after.selector().distinctPatterns()) {
        add(shelves.computeIfAbsent(pattern, _ -> new Shelf()), after);
      }
    }
  }

  /// @param inbox in lower case; null when the event has none
  /// @param domain of the recipient, in lower case
  synchronized List<Subscription> candidates(String type, @Nullable String inbox, String domain) {
    var found = new ArrayList<Subscription>();
    collect(type, inbox, domain, found);
    for (int dot = type.indexOf('.'); dot >= 0; dot = type.indexOf('.', dot + 1)) {
      collect(type.substring(0, dot) + ".*", inbox, domain, found);
    }
    collect(Selector.ALL, inbox, domain, found);
    return found;
  }

  synchronized boolean isEmpty() {
    return shelves.isEmpty();
  }

  private void collect(
      String pattern, @Nullable String inbox, String domain, List<Subscription> into) {
    var shelf = shelves.get(pattern);
    if (shelf != null) {
      shelf.collect(inbox, domain, into);
    }
  }

  private static void add(Shelf shelf, Subscription subscription) {
    var id = subscription.id().value();
    switch (narrowest(subscription)) {
      case Condition.Inboxes(Set<String> addresses) -> file(shelf.byInbox, addresses, subscription);
      case Condition.RecipientDomains(Set<String> domains) ->
          file(shelf.byDomain, domains, subscription);
      case null, default -> shelf.wide.put(id, subscription);
    }
  }

  private void remove(String pattern, Subscription subscription) {
    var shelf = shelves.get(pattern);
    if (shelf == null) {
      throw new IllegalStateException(subscription.id() + " is not filed under " + pattern);
    }
    var id = subscription.id().value();
    switch (narrowest(subscription)) {
      case Condition.Inboxes(Set<String> addresses) -> take(shelf.byInbox, addresses, id);
      case Condition.RecipientDomains(Set<String> domains) -> take(shelf.byDomain, domains, id);
      case null, default -> shelf.wide.remove(id);
    }
    if (shelf.isEmpty()) {
      shelves.remove(pattern);
    }
  }

  private static void file(
      Map<String, Map<String, Subscription>> map, Collection<String> keys, Subscription one) {
    for (var key : keys) {
      map.computeIfAbsent(key, _ -> new HashMap<>(FEW)).put(one.id().value(), one);
    }
  }

  private static void take(
      Map<String, Map<String, Subscription>> map, Collection<String> keys, String id) {
    for (var key : keys) {
      map.computeIfPresent(
          key,
          (_, of) -> {
            of.remove(id);
            return of.isEmpty() ? null : of;
          });
    }
  }

  private static @Nullable Condition narrowest(Subscription subscription) {
    Condition narrow = null;
    for (var condition : subscription.selector().conditions()) {
      if (condition instanceof Condition.Inboxes) {
        return condition;
      }
      if (condition instanceof Condition.RecipientDomains) {
        narrow = condition;
      }
    }
    return narrow;
  }
}
