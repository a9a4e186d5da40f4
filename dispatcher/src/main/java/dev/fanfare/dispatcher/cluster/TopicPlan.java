package dev.fanfare.dispatcher.cluster;

import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.RetentionGuard;
import dev.fanfare.schemas.topic.Cleanup;
import dev.fanfare.schemas.topic.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Every topic that must be there: the input, our own, and one a rung of the ladder.
///
/// | topics                              | partitions     | cleanup        |
/// |-------------------------------------|----------------|----------------|
/// | input                               | as configured  | the platform's |
/// | deliveries, rungs, attempts, …      | as configured  | delete         |
/// | subscriptions, endpoints, tenants, … | one            | compact        |
///
/// A compacted topic has one partition, so that what is asked for is applied in one order.
public record TopicPlan(List<PlannedTopic> topics) {
  private static final int ONE = 1;

  public TopicPlan {
    topics = List.copyOf(topics);
  }

  public static TopicPlan of(TopicSettings settings, DelayLadder ladder) {
    var names = settings.topics();
    var all = new ArrayList<PlannedTopic>();
    all.add(
        new PlannedTopic(
            names.events().name(),
            settings.partitions(),
            settings.replicationFactor(),
            Optional.empty(),
            names.events().leastRetention(),
            false,
            true));
    all.add(planned(settings, names.subscriptions(), false));
    all.add(planned(settings, names.endpoints(), false));
    all.add(planned(settings, names.tenants(), false));
    all.add(planned(settings, names.deliveries(), true));
    for (var rung : ladder.rungs()) {
      all.add(rung(settings, names.retry(rung.label(), rung.delay()), rung.delay()));
    }
    all.add(planned(settings, names.attempts(), false));
    all.add(planned(settings, names.deadLetters(), false));
    all.add(planned(settings, names.rejected(), false));
    all.add(planned(settings, names.replays(), false));
    all.add(planned(settings, names.alerts(), false));
    all.add(planned(settings, names.alertRules(), false));
    return new TopicPlan(all);
  }

  private static PlannedTopic planned(TopicSettings settings, Topic<?> topic, boolean waiting) {
    return new PlannedTopic(
        topic.name(),
        topic.cleanup() == Cleanup.DELETE ? settings.partitions() : ONE,
        settings.replicationFactor(),
        Optional.of(topic.cleanup()),
        topic.leastRetention(),
        topic.brokerTime(),
        waiting);
  }

  private static PlannedTopic rung(TopicSettings settings, Topic<?> topic, Duration delay) {
    var planned = planned(settings, topic, true);
    return new PlannedTopic(
        planned.name(),
        planned.partitions(),
        planned.replicationFactor(),
        planned.cleanup(),
        Optional.of(delay.plus(RetentionGuard.DEFAULT.outage())),
        planned.brokerTime(),
        true);
  }
}
