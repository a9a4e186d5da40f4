package dev.fanfare.dispatcher.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.Rung;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TopicCheckTest {
  private static final TopicPlan PLAN =
      TopicPlan.of(
          new TopicSettings("fanfare.", "email.events", 6, 3),
          new DelayLadder(List.of(Rung.of("5s"), Rung.of("7h"))));

  @Test
  void plansEveryTopicOfTheDesign() {
    assertThat(PLAN.topics())
        .extracting(PlannedTopic::name)
        .containsExactly(
            "email.events",
            "fanfare.subscriptions",
            "fanfare.endpoints",
            "fanfare.tenants",
            "fanfare.deliveries",
            "fanfare.retry.5s",
            "fanfare.retry.7h",
            "fanfare.attempts",
            "fanfare.dead-letters",
            "fanfare.rejected",
            "fanfare.replays",
            "fanfare.alerts",
            "fanfare.alert-rules");
  }

  @Test
  void aRungKeepsItsDelayAndAnOutageAndTheBrokersTime() {
    assertThat(planned("fanfare.retry.7h").settings())
        .containsEntry("retention.ms", "" + Duration.ofHours(7 + 48).toMillis())
        .containsEntry("message.timestamp.type", "LogAppendTime")
        .containsEntry("cleanup.policy", "delete")
        .containsEntry("retention.bytes", "-1");
    assertThat(planned("fanfare.retry.7h").partitions()).isEqualTo(6);
  }

  @Test
  void whatIsCompactedHasOnePartitionAndNoEnd() {
    assertThat(planned("fanfare.subscriptions").partitions()).isEqualTo(1);
    assertThat(planned("fanfare.subscriptions").settings())
        .containsEntry("cleanup.policy", "compact")
        .doesNotContainKey("retention.ms");
    assertThat(planned("fanfare.alerts").settings())
        .containsEntry("cleanup.policy", "compact,delete");
  }

  @Test
  void whatIsMadeAsPlannedIsInOrder() {
    assertThat(TopicCheck.mismatches(PLAN, asPlanned())).isEmpty();
  }

  @Test
  void anEmptyClusterLacksEverything() {
    var found = TopicCheck.mismatches(PLAN, Map.of());

    assertThat(found).hasSize(PLAN.topics().size()).allMatch(Mismatch::isFatal);
    assertThat(found.getFirst())
        .hasToString("email.events does not exist: run fanfare topics create");
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      textBlock =
          """
          # topic,               setting,                value,          told
          fanfare.retry.5s,      retention.ms,           172804999,      less than 172805s
          fanfare.retry.5s,      retention.ms,           172805000,      -
          fanfare.retry.5s,      retention.ms,           -1,             -
          fanfare.retry.5s,      retention.bytes,        1000000,        deleted for space
          fanfare.retry.5s,      message.timestamp.type, CreateTime,     instead of LogAppendTime
          fanfare.retry.5s,      cleanup.policy,         compact,        instead of delete
          fanfare.retry.5s,      max.message.bytes,      1000,           would not fit
          fanfare.deliveries,    cleanup.policy,         'compact,delete', instead of delete
          fanfare.deliveries,    retention.ms,           3600000,        less than 72h
          fanfare.deliveries,    retention.bytes,        1,              deleted for space
          fanfare.deliveries,    message.timestamp.type, CreateTime,     -
          fanfare.subscriptions, cleanup.policy,         'compact,delete', instead of compact
          fanfare.subscriptions, cleanup.policy,         delete,         instead of compact
          fanfare.subscriptions, retention.ms,           1,              -
          fanfare.alerts,        cleanup.policy,         'delete,compact', -
          fanfare.alerts,        retention.ms,           1,              less than 720h
          fanfare.attempts,      retention.bytes,        1000,           -
          fanfare.attempts,      retention.ms,           nonsense,       less than 168h
          email.events,          cleanup.policy,         compact,        -
          email.events,          retention.ms,           1000,           less than 24h
          """)
  void tellsWhatWouldLoseRecords(String topic, String setting, String value, String told) {
    var actual = asPlanned();
    var settings = new HashMap<>(planned(topic).settings());
    settings.put(setting, value);
    actual.put(topic, new ActualTopic(6, 3, 0, settings));

    var found = TopicCheck.mismatches(PLAN, actual);

    if (told == null) {
      assertThat(found).isEmpty();
    } else {
      assertThat(found).allMatch(Mismatch::isFatal).extracting(Mismatch::topic).containsOnly(topic);
      assertThat(found).anySatisfy(it -> assertThat(it.what()).contains(told));
      assertThat(found).allSatisfy(it -> assertThat(it.remedy()).contains("set "));
    }
  }

  @Test
  void tellsAPartitionWithoutALeader() {
    var actual = asPlanned();
    actual.put(
        "fanfare.attempts", new ActualTopic(6, 3, 2, planned("fanfare.attempts").settings()));

    assertThat(TopicCheck.mismatches(PLAN, actual))
        .singleElement()
        .hasToString(
            "fanfare.attempts has no leader for 2 of 6 partitions: bring its brokers back");
  }

  @Test
  void fewerReplicasAreAWarningOnly() {
    var actual = asPlanned();
    actual.put(
        "fanfare.attempts", new ActualTopic(6, 1, 0, planned("fanfare.attempts").settings()));

    assertThat(TopicCheck.mismatches(PLAN, actual))
        .singleElement()
        .satisfies(it -> assertThat(it.isFatal()).isFalse())
        .satisfies(it -> assertThat(it.what()).isEqualTo("has 1 replicas instead of 3"));
  }

  @Test
  void theInputIsNoneOfOurOwn() {
    assertThatThrownBy(() -> new TopicSettings("fanfare.", "fanfare.deliveries", 1, 1))
        .hasMessageContaining("must not start with the prefix");
  }

  private static PlannedTopic planned(String name) {
    return PLAN.topics().stream().filter(it -> it.name().equals(name)).findFirst().orElseThrow();
  }

  private static Map<String, ActualTopic> asPlanned() {
    return new HashMap<>(
        PLAN.topics().stream()
            .collect(
                Collectors.toMap(
                    PlannedTopic::name,
                    it ->
                        new ActualTopic(
                            it.partitions(), it.replicationFactor(), 0, withDefaults(it)))));
  }

  private static Map<String, String> withDefaults(PlannedTopic topic) {
    var settings = new HashMap<>(Map.of("message.timestamp.type", "CreateTime"));
    settings.put("retention.ms", Optional.ofNullable(settings.get("retention.ms")).orElse("-1"));
    settings.putAll(topic.settings());
    return settings;
  }
}
