package dev.fanfare.dispatcher.telemetry;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.jspecify.annotations.Nullable;

/// Tells the process's [ClientSeries] what one Kafka client measures. Kafka makes one of these per
/// client by its name; it finds the series among the client's properties, where [#shownBy] has put
/// them, and does nothing where they are not.
public final class ClientMeters implements MetricsReporter {
  private static final String REPORTERS = "metric.reporters";
  private static final String SERIES = "fanfare.client.series";

  private final Set<KafkaMetric> own = ConcurrentHashMap.newKeySet();
  private volatile @Nullable ClientSeries series;

  /// What a client's properties are to have so that it is shown.
  public static Map<String, Object> shownBy(ClientSeries series) {
    return Map.of(REPORTERS, ClientMeters.class.getName(), SERIES, series);
  }

  @Override
  public void configure(Map<String, ?> configs) {
    if (configs.get(SERIES) instanceof ClientSeries found) {
      series = found;
    }
  }

  @Override
  public void init(List<KafkaMetric> metrics) {
    metrics.forEach(this::metricChange);
  }

  @Override
  public void metricChange(KafkaMetric metric) {
    var shown = series;
    if (shown != null && shown.add(metric)) {
      own.add(metric);
    }
  }

  @Override
  public void metricRemoval(KafkaMetric metric) {
    var shown = series;
    if (shown != null && own.remove(metric)) {
      shown.remove(metric);
    }
  }

  @Override
  public void close() {
    var left = Set.copyOf(own);
    left.forEach(this::metricRemoval);
  }
}
