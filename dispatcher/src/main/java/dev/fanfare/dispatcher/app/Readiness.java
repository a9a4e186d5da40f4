package dev.fanfare.dispatcher.app;

import dev.fanfare.dispatcher.api.Component.State;
import dev.fanfare.dispatcher.fanout.FanoutRole;
import dev.fanfare.dispatcher.feed.FeedHealth;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.retry.relay.RelayHealth;

/// How the parts say that they are ready, as `/health/ready` shows it.
final class Readiness {
  private Readiness() {}

  static State of(FeedHealth health) {
    return health.following() && health.connected()
        ? State.READY
        : State.notReady(health.trouble().orElse("not following the topic"));
  }

  static State of(FanoutRole.Health health) {
    return health.ready() ? State.READY : State.notReady(health.trouble().orElse(health.state()));
  }

  static State of(LogRole.Health health) {
    return health.ready() ? State.READY : State.notReady(health.trouble().orElse(health.state()));
  }

  static State of(RelayHealth health) {
    return switch (health) {
      case RelayHealth.Running _ -> State.READY;
      case RelayHealth.Starting _ -> State.notReady("joining its group");
      case RelayHealth.Failed(var reason, var since) -> State.notReady(reason + ", since " + since);
      case RelayHealth.Closed _ -> State.notReady("closed");
    };
  }
}
