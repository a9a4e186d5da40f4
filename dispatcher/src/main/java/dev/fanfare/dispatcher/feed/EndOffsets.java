package dev.fanfare.dispatcher.feed;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/// Asks the cluster where topics end, for readers that skip what is not committed. Thread-safe.
final class EndOffsets implements AutoCloseable {
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(1);

  private final Admin admin;

  private EndOffsets(Admin admin) {
    this.admin = admin;
  }

  /// @param kafka client properties; those that an admin client does not know are left out
  static EndOffsets connect(Map<String, Object> kafka, String name) {
    var properties = new HashMap<>(kafka);
    properties.keySet().retainAll(AdminClientConfig.configNames());
    properties.put(AdminClientConfig.CLIENT_ID_CONFIG, name);
    return new EndOffsets(Admin.create(properties));
  }

  /// Empty when the cluster does not answer in time.
  Optional<Map<TopicPartition, Long>> ask(Collection<TopicPartition> partitions, Duration atMost) {
    var wanted = partitions.stream().collect(Collectors.toMap(it -> it, _ -> OffsetSpec.latest()));
    var options =
        new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)
            .timeoutMs((int) Math.max(1, atMost.toMillis()));
    try {
      return Optional.of(
          admin
              .listOffsets(wanted, options)
              .all()
              .get(atMost.toNanos(), TimeUnit.NANOSECONDS)
              .entrySet()
              .stream()
              .collect(Collectors.toMap(Map.Entry::getKey, it -> it.getValue().offset())));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty(); // the caller goes on with what it knows
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    admin.close(CLOSED_WITHIN);
  }
}
