package dev.fanfare.dispatcher.subscription.feed;

import dev.fanfare.dispatcher.subscription.Place;
import dev.fanfare.schemas.avro.Subscription;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// In which order subscriptions are listed, all of them and those of one tenant. A place is found
/// by going down a list, never by sorting, so that a page costs what it shows, however many there
/// are.
///
/// One thread changes it, any number read; who reads meanwhile sees a change or does not.
final class SubscriptionOrder {
  private record TenantPlace(String tenant, Place place) {}

  private final ConcurrentSkipListSet<Place> all = new ConcurrentSkipListSet<>();
  private final ConcurrentSkipListSet<TenantPlace> byTenant =
      new ConcurrentSkipListSet<>(
          Comparator.comparing(TenantPlace::tenant).thenComparing(TenantPlace::place));

  /// @param before what was there; empty when it is new
  /// @param after what is there now; empty when it is gone
  void replace(Optional<Subscription> before, Optional<Subscription> after) {
    var left = before.map(SubscriptionOrder::tenantPlace);
    var entered = after.map(SubscriptionOrder::tenantPlace);
    if (left.equals(entered)) {
      return;
    }
    entered.ifPresent(it -> {
      all.add(it.place());
      byTenant.add(it);
    });
    left.ifPresent(it -> {
      byTenant.remove(it);
      if (entered.isEmpty() || !entered.get().place().equals(it.place())) {
        all.remove(it.place());
      }
    });
  }

  private static TenantPlace tenantPlace(Subscription stored) {
    return new TenantPlace(stored.getTenant(), Place.of(stored));
  }

  /// The places behind one, looked up as far as the stream is read.
  ///
  /// @param tenant only of this one; null for all
  /// @param after null for the beginning
  Stream<Place> after(@Nullable String tenant, @Nullable Place after) {
    var from = after == null ? Place.BEGINNING : after;
    return tenant == null
        ? all.tailSet(from, false).stream()
        : byTenant.tailSet(new TenantPlace(tenant, from), false).stream()
            .takeWhile(it -> it.tenant().equals(tenant))
            .map(TenantPlace::place);
  }
}
