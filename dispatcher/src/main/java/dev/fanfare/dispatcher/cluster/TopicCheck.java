package dev.fanfare.dispatcher.cluster;

import static dev.fanfare.dispatcher.cluster.PlannedTopic.BROKER_TIME;
import static dev.fanfare.dispatcher.cluster.PlannedTopic.CLEANUP;
import static dev.fanfare.dispatcher.cluster.PlannedTopic.LARGEST_RECORD;
import static dev.fanfare.dispatcher.cluster.PlannedTopic.LEAST_LARGEST_RECORD;
import static dev.fanfare.dispatcher.cluster.PlannedTopic.RETENTION;
import static dev.fanfare.dispatcher.cluster.PlannedTopic.RETENTION_BYTES;
import static dev.fanfare.dispatcher.cluster.PlannedTopic.TIMESTAMP;

import dev.fanfare.dispatcher.cluster.Mismatch.Severity;
import dev.fanfare.retry.ladder.DurationText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Compares what is there with what is needed. A retention, cleanup or time that would lose records
/// is fatal, and so is a topic that is missing or has no leader.
public final class TopicCheck {
  private static final String FOR_EVER = "-1";

  private final PlannedTopic plan;
  private final ActualTopic actual;
  private final List<Mismatch> found = new ArrayList<>();

  private TopicCheck(PlannedTopic plan, ActualTopic actual) {
    this.plan = plan;
    this.actual = actual;
  }

  /// Everything that is not as planned, in the order of the plan.
  ///
  /// @param actual by name; a topic that is not in it does not exist
  public static List<Mismatch> mismatches(TopicPlan plan, Map<String, ActualTopic> actual) {
    var found = new ArrayList<Mismatch>();
    for (var planned : plan.topics()) {
      var topic = actual.get(planned.name());
      if (topic == null) {
        found.add(
            new Mismatch(
                planned.name(), Severity.FATAL, "does not exist", "run fanfare topics create"));
      } else {
        found.addAll(new TopicCheck(planned, topic).all());
      }
    }
    return found;
  }

  private List<Mismatch> all() {
    if (actual.leaderless() > 0) {
      fatal(
          "has no leader for %d of %d partitions"
              .formatted(actual.leaderless(), actual.partitions()),
          "bring its brokers back");
    }
    checkCleanup();
    checkRetention();
    checkTime();
    checkSize();
    checkReplicas();
    return found;
  }

  private void checkCleanup() {
    var needed = plan.cleanup();
    if (needed.isPresent() && !words(needed.get().policy()).equals(words(value(CLEANUP)))) {
      wrong(CLEANUP, needed.get().policy());
    }
  }

  private void checkRetention() {
    boolean deletes = words(value(CLEANUP)).contains("delete");
    plan.leastRetention()
        .filter(least -> deletes && isBelow(value(RETENTION), least.toMillis()))
        .ifPresent(least ->
            fatal(
                "has %s=%s, less than %s: records would be deleted before they are used"
                    .formatted(RETENTION, value(RETENTION), DurationText.format(least)),
                "set %s to at least %d".formatted(RETENTION, least.toMillis())));
    if (plan.waiting() && deletes && !value(RETENTION_BYTES).equals(FOR_EVER)) {
      fatal(
          "has %s=%s: waiting records would be deleted for space"
              .formatted(RETENTION_BYTES, value(RETENTION_BYTES)),
          "set %s to -1".formatted(RETENTION_BYTES));
    }
  }

  private void checkTime() {
    if (plan.brokerTime() && !value(TIMESTAMP).equals(BROKER_TIME)) {
      wrong(TIMESTAMP, BROKER_TIME);
    }
  }

  private void checkSize() {
    if (isBelow(value(LARGEST_RECORD), LEAST_LARGEST_RECORD)) {
      fatal(
          "has %s=%s: the largest records would not fit"
              .formatted(LARGEST_RECORD, value(LARGEST_RECORD)),
          "set %s to at least %d".formatted(LARGEST_RECORD, LEAST_LARGEST_RECORD));
    }
  }

  private void checkReplicas() {
    if (actual.replicationFactor() < plan.replicationFactor()) {
      found.add(
          new Mismatch(
              plan.name(),
              Severity.WARNING,
              "has %d replicas instead of %d"
                  .formatted(actual.replicationFactor(), plan.replicationFactor()),
              "reassign its partitions, or lower topics.replication_factor"));
    }
  }

  private void wrong(String setting, String needed) {
    fatal(
        "has %s=%s instead of %s".formatted(setting, value(setting), needed),
        "set %s to %s".formatted(setting, needed));
  }

  private void fatal(String what, String remedy) {
    found.add(new Mismatch(plan.name(), Severity.FATAL, what, remedy));
  }

  private String value(String setting) {
    return actual.setting(setting).orElse("(not told)");
  }

  /// Whether a number is below a bound; -1 is without bound, and what is no number counts as below.
  private static boolean isBelow(String value, long least) {
    try {
      long number = Long.parseLong(value);
      return number != -1 && number < least;
    } catch (NumberFormatException e) {
      return true;
    }
  }

  private static Set<String> words(String list) {
    return Arrays.stream(list.split(",")).map(String::strip).collect(Collectors.toSet());
  }
}
