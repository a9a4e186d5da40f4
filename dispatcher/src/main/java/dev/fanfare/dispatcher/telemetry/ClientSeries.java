package dev.fanfare.dispatcher.telemetry;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.jspecify.annotations.Nullable;

/// What a process shows of its Kafka clients: the metrics of [ClientMetric], a series for each
/// client, not for each node, thread or partition, so that their number is bounded. Clients of one
/// id share a series. A counter stays where it was when one of them is closed; when the last is,
/// the series ends.
///
/// Thread-safe: clients come and go on threads of their own.
public final class ClientSeries {
  /// What differs from start to start, or is counted up with each client of the process.
  private static final Pattern PASSING =
      Pattern.compile(
          "-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|-(StreamThread|StateUpdater)-[0-9]+"
              + "|(?<=^(consumer|producer|adminclient)[^/]{0,200})-[0-9]+$");

  private final MeterRegistry meters;
  private final Map<Key, Shown> byKey = new HashMap<>();
  private final Map<KafkaMetric, Key> keys = new HashMap<>();

  /// Of topics with dots in their names, as they were called before Kafka 4.1, which measures each
  /// of them twice for a while.
  private final Set<String> oldNames = new HashSet<>();

  public ClientSeries(MeterRegistry meters) {
    this.meters = meters;
  }

  /// @param topic empty for a metric that is not by topic
  private record Key(ClientMetric what, String client, String topic) {
    static Optional<Key> of(MetricName name) {
      var tags = name.tags();
      var client = tags.getOrDefault("client-id", tags.getOrDefault("thread-id", ""));
      var topic = tags.getOrDefault("topic", "");
      boolean byPartition = tags.containsKey("partition");
      return ClientMetric.of(name.group(), name.name())
          .filter(what -> what.isByTopic() ? byPartition : topic.isEmpty())
          .filter(_ -> !tags.containsKey("node-id") && !client.isEmpty())
          .map(what -> new Key(what, PASSING.matcher(client).replaceAll(""), topic));
    }

    Tags tags() {
      var tags = Tags.of("client", client);
      return what.isByTopic() ? tags.and("topic", topic) : tags;
    }
  }

  /// False if it is none that is shown.
  synchronized boolean add(KafkaMetric metric) {
    var key = Key.of(metric.metricName());
    if (key.isEmpty()) {
      return false;
    }
    var topic = key.get().topic;
    var oldName = topic.replace('.', '_');
    if (!oldName.equals(topic) && oldNames.add(oldName)) {
      forget(oldName);
    }
    if (oldNames.contains(topic)) {
      return false;
    }
    keys.put(metric, key.get());
    byKey.computeIfAbsent(key.get(), Shown::new).show(metric);
    return true;
  }

  private void forget(String topic) {
    List.copyOf(keys.entrySet()).stream()
        .filter(entry -> entry.getValue().topic.equals(topic))
        .map(Map.Entry::getKey)
        .forEach(this::remove);
  }

  synchronized void remove(KafkaMetric metric) {
    var key = keys.remove(metric);
    var shown = key == null ? null : byKey.get(key);
    if (shown != null && shown.hide(metric)) {
      byKey.remove(key);
    }
  }

  /// One series, and the metrics of which it is made.
  private final class Shown {
    private final Key key;
    private final Set<KafkaMetric> parts = new HashSet<>();
    private @Nullable Meter meter;
    private double ended;

    Shown(Key key) {
      this.key = key;
    }

    void show(KafkaMetric part) {
      parts.add(part);
      if (meter == null) {
        meter = registered();
      }
    }

    private Meter registered() {
      var what = key.what;
      return what.kind() == ClientMetric.Kind.COUNTER
          ? FunctionCounter.builder(what.meter(), this, Shown::value)
              .description(what.help())
              .tags(key.tags())
              .register(meters)
          : Gauge.builder(what.meter(), this, Shown::value)
              .description(what.help())
              .tags(key.tags())
              .register(meters);
    }

    /// True when nothing is left of it.
    boolean hide(KafkaMetric part) {
      parts.remove(part);
      if (key.what.kind() == ClientMetric.Kind.COUNTER) {
        ended += number(part);
      }
      if (parts.isEmpty() && meter != null) {
        meters.remove(meter);
      }
      return parts.isEmpty();
    }

    private double value() {
      synchronized (ClientSeries.this) {
        var numbers = parts.stream().mapToDouble(ClientSeries::number);
        return key.what.kind() == ClientMetric.Kind.LARGEST
            ? numbers.max().orElse(0)
            : ended + numbers.sum();
      }
    }
  }

  /// 0 for what has not been measured yet.
  private static double number(KafkaMetric metric) {
    return metric.metricValue() instanceof Number number && !Double.isNaN(number.doubleValue())
        ? number.doubleValue()
        : 0;
  }
}
