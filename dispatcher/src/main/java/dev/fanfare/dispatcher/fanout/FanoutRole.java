package dev.fanfare.dispatcher.fanout;

import dev.fanfare.dispatcher.subscription.feed.SubscriptionFeed;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fan-out as a running part of the process. Thread-safe.
public final class FanoutRole implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FanoutRole.class);
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(30);
  private static final int BATCH_BYTES = 131_072;

  /// Before compression; what a broker takes is measured after.
  private static final int MOST_REQUEST_BYTES = 2_097_152;

  private final KafkaStreams streams;
  private final Recovery recovery;
  private final EventCodec.Pool codecs;

  /// How fan-out is doing.
  ///
  /// @param ready whether it processes events
  /// @param state Kafka Streams' name for it
  /// @param trouble what went wrong in the last seconds, for people
  public record Health(boolean ready, String state, Optional<String> trouble) {}

  private FanoutRole(KafkaStreams streams, Recovery recovery, EventCodec.Pool codecs) {
    this.streams = streams;
    this.recovery = recovery;
    this.codecs = codecs;
  }

  /// Starts; returns before the first rebalance is over ([#health] tells).
  ///
  /// @param kafka client properties: `bootstrap.servers`, security; with `consumer.` or `producer.`
  ///   before them for one client only
  /// @param feed caught up already; followed from now on
  public static FanoutRole start(
      Map<String, Object> kafka,
      Topics topics,
      AvroSerdes serdes,
      SubscriptionFeed feed,
      FanoutSettings settings,
      MeterRegistry meters) {
    var index = new SubscriptionIndex();
    feed.follow(change -> {
      if (change.after().isPresent()) {
        index.put(change.after().get());
      } else {
        change.before().ifPresent(gone -> index.remove(gone.id().value()));
      }
    });
    var fanout =
        new Fanout(
            index, EventCatalogue.standard(), settings.maxPayloadBytes(), settings.lifetime());
    return start(kafka, topics, serdes, fanout, settings, meters);
  }

  static FanoutRole start(
      Map<String, Object> kafka,
      Topics topics,
      AvroSerdes serdes,
      Fanout fanout,
      FanoutSettings settings,
      MeterRegistry meters) {
    var clock = InstantSource.system();
    var metrics = new FanoutMetrics(meters);
    var recovery = new Recovery(metrics, clock);
    var codecs = new EventCodec.Pool(serdes);
    var shared = new FanoutProcessor.Shared(fanout, codecs, recovery, metrics, clock);
    var streams =
        new KafkaStreams(
            FanoutTopology.of(topics, shared, settings.deduplication()),
            properties(kafka, topics, settings),
            new LeavingClients());
    streams.setUncaughtExceptionHandler(recovery);
    var role = new FanoutRole(streams, recovery, codecs);
    metrics.watch(() -> role.health().ready());
    streams.start();
    return role;
  }

  static Properties properties(Map<String, Object> kafka, Topics topics, FanoutSettings settings) {
    var all = new HashMap<>(kafka);
    all.put(StreamsConfig.APPLICATION_ID_CONFIG, topics.prefix() + "fanout");
    all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, settings.guarantee().code());
    all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
    // Else a result could wait for the end of an empty poll before it is committed.
    all.put(StreamsConfig.POLL_MS_CONFIG, settings.commitInterval().toMillis());
    all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    // The classic protocol allows a session this short: a killed process's events wait so long.
    all.putIfAbsent(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    consumer(all, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    // By heartbeats a thread learns that another has left and its partitions are to be had.
    consumer(all, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
    producer(all, ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    producer(all, ProducerConfig.LINGER_MS_CONFIG, 5);
    producer(all, ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    producer(all, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_REQUEST_BYTES);
    // The first batches of a transaction are refused while the one before is still being ended
    // (CONCURRENT_TRANSACTIONS). What is on its way behind them is then refused as well, and the
    // producer spins until the backoff is over; so there is nothing behind them, and it is short.
    producer(all, ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    producer(all, ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
    var properties = new Properties();
    properties.putAll(all);
    return properties;
  }

  private static void consumer(Map<String, Object> all, String name, Object value) {
    if (!all.containsKey(name)) {
      all.putIfAbsent(StreamsConfig.consumerPrefix(name), value);
    }
  }

  private static void producer(Map<String, Object> all, String name, Object value) {
    if (!all.containsKey(name)) {
      all.putIfAbsent(StreamsConfig.producerPrefix(name), value);
    }
  }

  public Health health() {
    var state = streams.state();
    var trouble = recovery.trouble();
    return new Health(
        state == KafkaStreams.State.RUNNING && trouble.isEmpty(), state.name(), trouble);
  }

  /// Commits what is done and leaves the group, so that others take over at once.
  @Override
  public void close() {
    recovery.close();
    boolean ended =
        streams.close(
            CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSED_WITHIN));
    if (ended) {
      codecs.close();
    } else {
      LOG.warn(
          "fan-out did not end within {}; what it had not committed is done again", CLOSED_WITHIN);
    }
  }
}
