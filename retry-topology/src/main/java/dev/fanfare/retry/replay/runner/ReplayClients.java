package dev.fanfare.retry.replay.runner;

import dev.fanfare.retry.transfer.TransferProducer;
import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Makes the Kafka clients of replays. What is given wins over the defaults here, but not over what
/// exactly-once needs.
final class ReplayClients {
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);

  private final Map<String, Object> given;
  private final String group;
  private final String name;

  /// @param given properties for all kinds of clients
  ReplayClients(Map<String, Object> given, Topics topics, String instance) {
    this.given = Map.copyOf(given);
    this.group = topics.prefix() + "replays";
    this.name = group + "-" + instance;
  }

  String group() {
    return group;
  }

  /// Reads what is committed, where it is told to.
  Consumer<byte[], byte[]> reader(String what) {
    var all = new HashMap<String, Object>();
    all.put(ConsumerConfig.CLIENT_ID_CONFIG, name + "-" + what);
    all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 500);
    all.put(ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 4 << 20);
    all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 1 << 20);
    all.putAll(given);
    all.remove(ConsumerConfig.GROUP_ID_CONFIG);
    all.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    // Never silently somewhere else: what retention has deleted is counted.
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /// Reads nothing; it is a member of the group that shares the jobs out.
  Consumer<byte[], byte[]> member() {
    var all = new HashMap<String, Object>();
    all.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
    if (!"consumer".equals(given.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG))) {
      all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
      all.put(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
    }
    all.putAll(given);
    all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /// @param purpose whoever uses the same one next fences this one
  TransferProducer producer(String purpose) {
    var all = new HashMap<String, Object>();
    // Short: until it is over, what a killed owner left open blocks its successor.
    all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 15_000);
    all.putAll(given);
    return new TransferProducer(all, group + "-" + purpose);
  }

  Admin admin() {
    var all = new HashMap<String, Object>();
    all.put("client.id", name + "-admin");
    all.putAll(given);
    return Admin.create(all);
  }

  /// Where a partition ends, with what is not committed yet; empty when nobody answers in time.
  static OptionalLong head(Admin admin, TopicPartition partition) throws InterruptedException {
    try {
      return OptionalLong.of(
          admin
              .listOffsets(Map.of(partition, OffsetSpec.latest()))
              .partitionResult(partition)
              .get(ANSWER_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
              .offset());
    } catch (TimeoutException _) {
      return OptionalLong.empty();
    } catch (ExecutionException e) {
      throw new KafkaException("the end of " + partition + " can't be asked", e.getCause());
    }
  }
}
