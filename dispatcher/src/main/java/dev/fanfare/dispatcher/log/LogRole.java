package dev.fanfare.dispatcher.log;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;

import dev.fanfare.dispatcher.log.live.LiveTail;
import dev.fanfare.dispatcher.log.query.Inflow;
import dev.fanfare.dispatcher.log.query.LogQueries;
import dev.fanfare.dispatcher.log.query.LogStores;
import dev.fanfare.dispatcher.log.query.Peers;
import dev.fanfare.dispatcher.log.topology.BoundedRocks;
import dev.fanfare.dispatcher.log.topology.Keeping;
import dev.fanfare.dispatcher.log.topology.LogMetrics;
import dev.fanfare.dispatcher.log.topology.LogTopology;
import dev.fanfare.dispatcher.log.topology.Purges;
import dev.fanfare.dispatcher.log.topology.RecordCodec;
import dev.fanfare.dispatcher.log.topology.Tenures;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The log as a running part of the process. Thread-safe.
///
/// It is begun after the HTTP server, whose port other instances have to know; what asks before
/// gets nothing.
public final class LogRole implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LogRole.class);
  private static final Duration CLOSED_WITHIN = Duration.ofSeconds(30);
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);
  private static final int BATCH_BYTES = 131_072;
  private static final int MOST_REQUEST_BYTES = 2_097_152;
  private static final long CACHE_BYTES = 16 << 20;

  private final Parts parts;
  private final LogMetrics metrics;
  private final LiveTail tail;
  private final Purges purges = new Purges();
  private final Tenures tenures = new Tenures();
  private final Deque<AutoCloseable> started = new ArrayDeque<>();
  private final CountDownLatch closed = new CountDownLatch(1);
  private volatile Optional<KafkaStreams> streams = Optional.empty();
  private volatile Optional<LogQueries> queries = Optional.empty();
  private volatile Optional<Inflow> inflow = Optional.empty();
  private volatile Optional<String> trouble = Optional.empty();

  /// @param kafka properties of Kafka Streams
  /// @param consumer properties of consumers
  /// @param rungs the ladder's labels by topic
  /// @param peerKey shown to other instances; empty when they are not to be asked
  public record Parts(
      Map<String, Object> kafka,
      Map<String, Object> consumer,
      Topics topics,
      Map<String, String> rungs,
      AvroSerdes serdes,
      LogSettings settings,
      Optional<String> peerKey,
      MeterRegistry meters) {}

  /// How the log is doing.
  ///
  /// @param trouble what went wrong last, for people
  public record Health(boolean ready, String state, Optional<String> trouble) {}

  private LogRole(Parts parts) {
    this.parts = parts;
    this.metrics = new LogMetrics(parts.meters());
    this.tail =
        new LiveTail(
            parts.consumer(),
            LogTopology.changelog(applicationId(parts.topics()), LogTopology.STATE),
            parts.settings().readers(),
            metrics::missed);
    metrics.watch(() -> health().ready(), tail::readers);
  }

  /// Not begun yet.
  public static LogRole of(Parts parts) {
    return new LogRole(parts);
  }

  /// Starts; returns before the first rebalance is over ([#health] tells).
  ///
  /// @param host under which other instances reach this process
  /// @throws IllegalArgumentException if the topics are unfit; the message is for people
  public synchronized void begin(String host, int port) {
    var admin = Admin.create(adminProperties());
    started.push(admin);
    int partitions = LogStores.partitions(admin, parts.topics(), parts.rungs());
    var codec = new RecordCodec(parts.topics(), parts.serdes());
    started.push(codec);
    var settings = parts.settings();
    var keeping =
        new Keeping(
            settings.retention(),
            Math.max(settings.maxBytes() / partitions, 1),
            settings.statistics(),
            settings.privacy().recipients(),
            settings.privacy().bodies());
    var self = new HostInfo(host, port);
    var running =
        new KafkaStreams(
            LogTopology.of(
                parts.topics(),
                parts.rungs(),
                new LogTopology.Parts(
                    codec, keeping, purges, tenures, metrics, InstantSource.system())),
            properties(self));
    running.setUncaughtExceptionHandler(this::handle);
    streams = Optional.of(running);
    started.push(() -> stop(running));
    running.start();
    var peers = parts.peerKey().map(Peers::new).orElse(null);
    if (peers != null) {
      started.push(peers);
    }
    var stores =
        LogStores.start(
            new LogStores.Parts(
                running,
                parts.consumer(),
                parts.topics(),
                parts.rungs(),
                partitions,
                self,
                codec,
                purges,
                tenures,
                metrics),
            Admin.create(adminProperties()),
            peers,
            settings.balanceEvery());
    started.push(stores);
    inflow = Optional.of(new Inflow(admin, parts.topics(), InstantSource.system()));
    queries = Optional.of(stores.queries());
  }

  /// The topics that it makes for itself.
  public static List<String> changelogs(Topics topics) {
    return Stream.of(LogTopology.STATE, LogTopology.LOG)
        .map(store -> LogTopology.changelog(applicationId(topics), store))
        .toList();
  }

  static String applicationId(Topics topics) {
    return topics.prefix() + "log";
  }

  private Map<String, Object> adminProperties() {
    var all = new HashMap<>(parts.consumer());
    all.keySet().removeIf(name -> !isForAdmin(name));
    return all;
  }

  private static boolean isForAdmin(String name) {
    return AdminClientConfig.configNames().contains(name);
  }

  Properties properties(HostInfo self) {
    var settings = parts.settings();
    var all = new HashMap<>(parts.kafka());
    all.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId(parts.topics()));
    all.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    all.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
    all.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    all.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
    all.put(StreamsConfig.STATE_DIR_CONFIG, settings.directory().toAbsolutePath().toString());
    all.put(StreamsConfig.APPLICATION_SERVER_CONFIG, server(self));
    all.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, BoundedRocks.class.getName());
    all.put(BoundedRocks.MEMORY, settings.memory());
    all.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, CACHE_BYTES * settings.threads());
    // What belongs together may come in any order, so no topic waits for another.
    all.putIfAbsent(StreamsConfig.MAX_TASK_IDLE_MS_CONFIG, StreamsConfig.MAX_TASK_IDLE_MS_DISABLED);
    all.putIfAbsent(StreamsConfig.BUFFERED_RECORDS_PER_PARTITION_CONFIG, 200);
    all.putIfAbsent(StreamsConfig.GROUP_PROTOCOL_CONFIG, "classic");
    consumer(all, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    consumer(all, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 3_000);
    consumer(all, ConsumerConfig.FETCH_MAX_BYTES_CONFIG, 8 << 20);
    consumer(all, ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 256 << 10);
    producer(all, ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    producer(all, ProducerConfig.BATCH_SIZE_CONFIG, BATCH_BYTES);
    producer(all, ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MOST_REQUEST_BYTES);
    // As in fan-out: a transaction may begin while the one before is still being ended.
    producer(all, ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
    producer(all, ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
    var properties = new Properties();
    properties.putAll(all);
    return properties;
  }

  private static String server(HostInfo self) {
    return self.host().contains(":")
        ? "[" + self.host() + "]:" + self.port()
        : self.host() + ":" + self.port();
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

  /// A failed thread is replaced after a moment; its transaction is aborted, so nothing is counted
  /// twice.
  private StreamThreadExceptionResponse handle(Throwable thrown) {
    metrics.failed();
    trouble = Optional.of(String.valueOf(thrown.getMessage()));
    if (thrown instanceof Error) {
      LOG.error("the log stops", thrown);
      return SHUTDOWN_CLIENT;
    }
    LOG.error("a thread of the log failed and is replaced", thrown);
    try {
      var _ = closed.await(AFTER_FAILURE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return REPLACE_THREAD;
  }

  /// Empty while the log has not begun.
  public Optional<LogQueries> queries() {
    return queries;
  }

  /// Empty while the log has not begun.
  public Optional<Inflow> inflow() {
    return inflow;
  }

  public LiveTail tail() {
    return tail;
  }

  public Health health() {
    var running = streams;
    if (running.isEmpty()) {
      return new Health(false, "starting", trouble);
    }
    var state = running.get().state();
    boolean ready = state == KafkaStreams.State.RUNNING;
    return new Health(ready, state.name(), ready ? Optional.empty() : trouble);
  }

  private static void stop(KafkaStreams running) {
    boolean ended =
        running.close(
            CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSED_WITHIN));
    if (!ended) {
      LOG.warn(
          "the log did not end within {}; what it had not committed is done again", CLOSED_WITHIN);
    }
  }

  @Override
  public synchronized void close() {
    closed.countDown();
    tail.close();
    queries = Optional.empty();
    inflow = Optional.empty();
    while (!started.isEmpty()) {
      try {
        started.pop().close();
      } catch (Exception e) {
        LOG.error("a part of the log did not close properly", e);
      }
    }
  }
}
