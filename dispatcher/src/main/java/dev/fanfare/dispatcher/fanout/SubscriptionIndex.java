package dev.fanfare.dispatcher.fanout;

import dev.fanfare.dispatcher.subscription.Condition;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.schemas.avro.EmailEvent;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Who may want an event: subscriptions by tenant, type and, where they are narrowed so, inbox or
/// recipient domain. It finds too many rather than too few; a subscription's selector has the last
/// word. Disabled subscriptions are not in it, paused ones are.
///
/// Any number of threads may ask while one at a time changes it.
public final class SubscriptionIndex {
  private final Map<String, TenantSubscriptions> tenants = new ConcurrentHashMap<>();
  private final Map<String, Subscription> byId = new ConcurrentHashMap<>();

  /// Puts in a new subscription, or a changed one in the place of the old.
  public synchronized void put(Subscription subscription) {
    if (subscription.status() == Status.DISABLED) {
      remove(subscription.id().value());
      return;
    }
    var before = byId.put(subscription.id().value(), subscription);
    if (before != null && !before.tenant().equals(subscription.tenant())) {
      replace(before, null);
      before = null;
    }
    replace(before, subscription);
  }

  public synchronized void remove(String id) {
    var before = byId.remove(id);
    if (before != null) {
      replace(before, null);
    }
  }

  /// Each at most once, in no order; not to be held on to.
  public List<Subscription> candidates(EmailEvent event) {
    var tenant = tenants.get(event.getTenant());
    if (tenant == null) {
      return List.of();
    }
    var inbox = event.getInbox() == null ? null : Condition.folded(event.getInbox());
    return tenant.candidates(event.getType(), inbox, Condition.domainOf(event.getRecipient()));
  }

  public int size() {
    return byId.size();
  }

  private void replace(@Nullable Subscription before, @Nullable Subscription after) {
    var either = after == null ? before : after;
    if (either == null) {
      return;
    }
    tenants.compute(
        either.tenant().value(),
        (_, known) -> {
          var tenant = known == null ? new TenantSubscriptions() : known;
          tenant.replace(before, after);
          return tenant.isEmpty() ? null : tenant;
        });
  }
}
