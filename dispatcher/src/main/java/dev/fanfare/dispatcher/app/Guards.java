package dev.fanfare.dispatcher.app;

import dev.fanfare.dispatcher.cluster.PlannedTopic;
import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.config.ConfigProblem;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.config.InvalidConfig;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.dispatcher.sealing.Seal;
import dev.fanfare.dispatcher.sealing.SealingSettings.Mode;
import dev.fanfare.dispatcher.subscription.sealing.SubscriptionSeal;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What has to be so before anything starts, or records would be lost, or somebody could read or do
/// what is not theirs.
final class Guards {
  private static final Logger LOG = LoggerFactory.getLogger(Guards.class);

  private Guards() {}

  /// @throws InvalidConfig if the API would be open to anybody
  static void requireKey(FanfareConfig config, Set<Role> roles) {
    boolean asks = roles.contains(Role.API) || config.api().access().metricsNeedKey();
    if (asks) {
      config
          .api()
          .closedBecause()
          .ifPresent(why -> {
            throw refused(why);
          });
    }
  }

  /// What seals and opens secrets. Every role has one: all of them read subscriptions.
  ///
  /// @throws InvalidConfig if secrets would lie readable in Kafka and nobody said that they may, or
  ///   the keyset can't be had
  static SubscriptionSeal seal(FanfareConfig config) {
    config
        .secrets()
        .unsafeBecause()
        .ifPresent(why -> {
          throw refused(why);
        });
    if (config.secrets().mode() == Mode.NONE) {
      LOG.warn("secrets.sealing is none: secrets are written to Kafka readable");
    }
    try {
      return new SubscriptionSeal(Seal.of(config.secrets()));
    } catch (IllegalArgumentException e) {
      throw refused(String.valueOf(e.getMessage()));
    }
  }

  /// @throws dev.fanfare.dispatcher.cluster.UnusableCluster if it can't be reached, does not allow
  ///   what the roles do, or has topics that would lose records
  static void requireCluster(FanfareConfig config, Set<Role> roles) {
    var plan = TopicPlan.of(config.topics(), config.ladder());
    var topics = config.topics().topics();
    var names =
        Stream.concat(
                plan.topics().stream().map(PlannedTopic::name),
                LogRole.changelogs(topics).stream()) // once the log has made them
            .toList();
    try (var admin = TopicAdmin.connect(config.kafka())) {
      admin.requireAllowed(AclPlan.of(topics, roles), names);
      admin.require(plan);
    }
  }

  private static InvalidConfig refused(String why) {
    return new InvalidConfig(List.of(new ConfigProblem("", "configuration", why)));
  }
}
