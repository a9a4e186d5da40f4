package dev.fanfare.dispatcher.reference;

import static java.util.stream.Collectors.joining;

import dev.fanfare.dispatcher.cluster.PlannedTopic;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.schemas.topic.Topic;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.Test;

/// `topics.md` says what `fanfare topics create` makes with the default configuration.
class TopicsReferenceTest {
  private static final String RETENTION = "retention.ms"; // in words, in a column of its own

  @Test
  void isWhatIsMade() throws IOException {
    var config = FanfareConfig.load(ConfigFile.empty(), Map.of());
    var values = values(config);
    var page =
        new StringBuilder(
            """
            # Topics

            Written by `make docs` from `Topics` and `TopicPlan`: what `fanfare topics create` makes by default.
            `fanfare topics verify` compares a cluster with it; a longer retention is always fine. Keys are UTF-8
            text; what they are, and every field of the values, is in `schemas/src/main/avro`.

            | topic | value | partitions | kept at least | made with |
            |---|---|---|---|---|
            """);
    for (var topic : TopicPlan.of(config.topics(), config.ladder()).topics()) {
      page.append(row(topic, values.getOrDefault(topic.name(), "")));
    }
    new Reference("topics.md").holds(page.toString());
  }

  /// What the Helm chart makes Strimzi's topics of.
  @Test
  void isWhatTheChartMakes() throws IOException {
    var config = FanfareConfig.load(ConfigFile.empty(), Map.of());
    var page =
        new StringBuilder(
            "# Written by `make docs` from `TopicPlan`, as docs/generated/topics.md.\ntopics:\n");
    for (var topic : TopicPlan.of(config.topics(), config.ladder()).topics()) {
      page.append("  - name: %s\n".formatted(topic.name()))
          .append("    partitions: %d\n".formatted(topic.partitions()))
          .append("    config:\n");
      topic
          .settings()
          .forEach((name, value) -> page.append("      %s: \"%s\"\n".formatted(name, value)));
    }
    new Reference("../../deploy/helm/fanfare/files/topics.yaml").holds(page.toString());
  }

  private static Map<String, String> values(FanfareConfig config) {
    var topics = config.topics().topics();
    var values = new HashMap<String, String>();
    topics.fixed().forEach(topic -> values.put(topic.name(), value(topic)));
    values.put(topics.events().name(), value(topics.events()));
    for (var rung : config.ladder().rungs()) {
      var topic = topics.retry(rung.label(), rung.delay());
      values.put(topic.name(), value(topic));
    }
    return values;
  }

  private static String value(Topic<?> topic) {
    if (topic.value().equals(byte[].class)) {
      return "bytes as received";
    }
    return topic.value().equals(SpecificRecord.class)
        ? "records of several kinds"
        : "`" + topic.value().getSimpleName() + "`";
  }

  private static String row(PlannedTopic topic, String value) {
    var settings =
        topic.settings().entrySet().stream()
            .filter(setting -> !setting.getKey().equals(RETENTION))
            .map(setting -> "`" + setting.getKey() + "=" + setting.getValue() + "`")
            .collect(joining(" "));
    return "| `%s` | %s | %d | %s | %s |\n"
        .formatted(
            topic.name(),
            value,
            topic.partitions(),
            topic.leastRetention().map(TopicsReferenceTest::inWords).orElse("for ever"),
            settings);
  }

  private static String inWords(Duration time) {
    return Stream.of(
            time.toDaysPart() + "d",
            time.toHoursPart() + "h",
            time.toMinutesPart() + "m",
            time.toSecondsPart() + "s")
        .filter(part -> !part.startsWith("0"))
        .collect(joining(" "));
  }
}
