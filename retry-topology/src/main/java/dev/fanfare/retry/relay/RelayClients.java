package dev.fanfare.retry.relay;

import dev.fanfare.retry.transfer.TransferProducer;
import dev.fanfare.schemas.topic.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// Makes the relay's Kafka clients. What is given wins over the defaults here, but not over what
/// exactly-once needs.
final class RelayClients {
  private static final int LEAST_FETCH = 1 << 20;

  private final Map<String, Object> given;
  private final RelaySettings settings;
  private final String name;
  private final String group;

  RelayClients(Map<String, Object> given, RelaySettings settings, Topics topics) {
    this.given = Map.copyOf(given);
    this.settings = settings;
    this.group = topics.prefix() + "relay";
    this.name = group + "-" + settings.instance();
  }

  Consumer<byte[], byte[]> consumer() {
    return new KafkaConsumer<>(
        consumerConfiguration(), new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  Map<String, Object> consumerConfiguration() {
    var all = new HashMap<String, Object>();
    all.put(ConsumerConfig.CLIENT_ID_CONFIG, name);
    // A request that waits for new records holds up the next one to the same broker, so a partition
    // that falls due meanwhile would be late by as much.
    all.put(ConsumerConfig.FETCH_MAX_WAIT_MS_CONFIG, 100);
    // A paused partition keeps what was fetched ahead for it; this bounds how much that is.
    all.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 << 10);
    all.put(
        ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
        (int) Math.min(Math.max(settings.bufferBytes() / 2, LEAST_FETCH), Integer.MAX_VALUE));
    all.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, settings.batchRecords());
    // A relay whose transfers hang, e.g. on one leader that is away, gives its partitions up.
    all.put(ConsumerConfig.MAX_POLL_INTERVAL_MS_CONFIG, 60_000);
    if (!"consumer".equals(given.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG))) {
      all.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
      // By heartbeats a relay learns that another has left and its partitions are to be had.
      all.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
      all.put(
          ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
          CooperativeStickyAssignor.class.getName());
    }
    all.putAll(given);
    all.put(ConsumerConfig.GROUP_ID_CONFIG, group);
    all.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return all;
  }

  TransferProducer producer() {
    var all = new HashMap<String, Object>();
    // Short: until it is over, what a killed relay left open blocks its successor. Nothing but the
    // transfer itself is lost when an outage outlasts it.
    all.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 15_000);
    all.putAll(given);
    return new TransferProducer(all, name);
  }
}
