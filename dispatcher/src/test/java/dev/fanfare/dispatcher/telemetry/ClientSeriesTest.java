package dev.fanfare.dispatcher.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.Measurable;
import org.apache.kafka.common.metrics.MetricConfig;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class ClientSeriesTest {
  private static final String STREAMS =
      "fanfare.fanout-0b1c2d3e-1111-2222-3333-444455556666-StreamThread-";
  private static final String PRODUCER = "producer-metrics";

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private final ClientSeries series = new ClientSeries(registry);

  /// What a client measures; it tells the series as Kafka does.
  private Metrics client() {
    var reporter = new ClientMeters();
    reporter.configure(ClientMeters.shownBy(series));
    return new Metrics(new MetricConfig(), List.of(reporter), Time.SYSTEM);
  }

  private static MetricName measure(
      Metrics client, String group, String name, double value, Map<String, String> tags) {
    var metric = new MetricName(name, group, "", tags);
    Measurable measurable = (_, _) -> value;
    client.addMetric(metric, measurable);
    return metric;
  }

  @Test
  void areByTopicAndNotByPartition() {
    try (var client = client()) {
      for (int partition = 0; partition < 12; partition++) {
        measure(
            client,
            "consumer-fetch-manager-metrics",
            "records-lag",
            partition,
            Map.of("client-id", "fanfare.a-0", "topic", "t", "partition", "" + partition));
      }

      assertThat(registry.getMeters()).hasSize(1);
      assertThat(registry.get("fanfare.kafka.consumer.lag").tag("topic", "t").gauge().value())
          .isEqualTo(66);
    }
  }

  /// Kafka has each such topic under two names, the old one first.
  @Test
  void countATopicWithADotInItsNameOnce() {
    try (var client = client()) {
      for (var topic : List.of("fanfare_deliveries", "fanfare.deliveries", "plain_name")) {
        for (int partition = 0; partition < 2; partition++) {
          measure(
              client,
              "consumer-fetch-manager-metrics",
              "records-lag",
              5,
              Map.of("client-id", "a", "topic", topic, "partition", "" + partition));
        }
      }

      assertThat(registry.find("fanfare.kafka.consumer.lag").gauges())
          .extracting(gauge -> gauge.getId().getTag("topic") + " " + gauge.value())
          .containsExactlyInAnyOrder("fanfare.deliveries 10.0", "plain_name 10.0");
    }
  }

  @Test
  void doNotGrowWithStartsAndThreads() {
    try (var first = client();
        var second = client()) {
      measure(first, PRODUCER, "record-send-total", 3, Map.of("client-id", STREAMS + "1-producer"));
      measure(
          second, PRODUCER, "record-send-total", 4, Map.of("client-id", STREAMS + "2-producer"));

      var counter = registry.get("fanfare.kafka.producer.records").functionCounter();
      assertThat(counter.count()).isEqualTo(7);
      assertThat(counter.getId().getTag("client")).isEqualTo("fanfare.fanout-producer");
    }
  }

  @Test
  void keepACounterWhileOneOfItsClientsIsThere() {
    var tags = Map.of("client-id", "same");
    try (var stays = client()) {
      measure(stays, PRODUCER, "record-error-total", 1, tags);
      var leaves = client();
      measure(leaves, PRODUCER, "record-error-total", 5, tags);

      leaves.close();

      assertThat(registry.get("fanfare.kafka.producer.errors").functionCounter().count())
          .isEqualTo(6);
    }
    assertThat(registry.getMeters()).isEmpty();
  }

  @Test
  void showNothingElseOfWhatAClientMeasures() {
    try (var client = client()) {
      measure(client, PRODUCER, "bufferpool-wait-ratio", 1, Map.of("client-id", "a"));
      measure(
          client,
          "producer-node-metrics",
          "connection-count",
          1,
          Map.of("client-id", "a", "node-id", "node-1"));

      assertThat(registry.getMeters().stream().map(Meter::getId)).isEmpty();
    }
  }
}
