package dev.fanfare.dispatcher.app;

import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.control.KnownSubscriptions;
import dev.fanfare.dispatcher.control.Ownership;
import dev.fanfare.dispatcher.control.Subscriptions;
import dev.fanfare.dispatcher.egress.GuardedOptions;
import dev.fanfare.dispatcher.egress.HttpEgress;
import dev.fanfare.dispatcher.subscription.feed.FeedSettings;
import java.time.InstantSource;

/// What asks endpoints whether they want deliveries, put together.
final class OwnershipParts {
  private OwnershipParts() {}

  static Ownership ownership(
      FanfareConfig config,
      KnownSubscriptions known,
      Subscriptions subscriptions,
      Closer closer,
      String version) {
    var clock = InstantSource.system();
    return new Ownership(
        known,
        subscriptions,
        new Ownership.Ways(
            FeedSettings.DEFAULT.reader(),
            closer.add(new HttpEgress(config.egress(), version, clock)),
            closer.add(new GuardedOptions(config.egress()))),
        config.ownership(),
        config.delivery().timeout(),
        clock);
  }
}
