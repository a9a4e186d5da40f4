package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.worker.DeliveryWorker.Parts;
import dev.fanfare.retry.transfer.TransferProducer;
import dev.fanfare.schemas.avro.Delivery;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.CooperativeStickyAssignor;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/// A worker from its committed offsets on until it is closed or something breaks: its consumer, its
/// producer and its three kinds of thread. Made, run and closed by one thread.
final class WorkerSession implements AutoCloseable {
  private static final Duration CLOSE = Duration.ofSeconds(5);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final TransferProducer producer;
  private final Settler settler;
  private final WorkerLoop loop;
  private final Thread loopThread;
  private final Pump pump;
  private final WorkerMetrics metrics;
  private final AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();

  WorkerSession(Parts parts, WorkerMetrics metrics, WorkerHealth health) {
    var outgoing = new OutgoingRecords(parts.topics(), parts.ladder(), parts.serdes());
    var runner =
        new AttemptRunner(
            parts.egress(),
            outgoing,
            parts.name(),
            parts.settings(),
            metrics,
            parts.spans(),
            parts.clock());
    var deserializer = parts.serdes().deserializer(Delivery.class);
    this.producer =
        new TransferProducer(
            producerProperties(parts), parts.topics().prefix() + "delivery." + parts.name());
    this.settler = new Settler("settler-" + parts.name(), producer, metrics);
    this.loop =
        new WorkerLoop(
            parts.settings(),
            settling ->
                new Lanes(parts.table(), runner, outgoing, parts.settings(), metrics, settling),
            settler::commit,
            cause -> broken.compareAndSet(null, cause),
            parts.clock());
    this.consumer = new KafkaConsumer<>(consumerProperties(parts));
    var topic = parts.topics().deliveries().name();
    this.pump = new Pump(consumer, topic, deserializer, outgoing, loop, parts.settings(), health);
    this.loopThread = Thread.ofPlatform().name("lanes-" + parts.name()).unstarted(loop::run);
    this.metrics = metrics;
    metrics.watch(loop);
  }

  /// A worker that dies in the middle of a transaction holds up whoever takes its partitions over
  /// until the coordinator gives up on it: not for the default minute.
  private static Map<String, Object> producerProperties(Parts parts) {
    var properties = new HashMap<String, Object>();
    properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, 15_000);
    properties.putAll(parts.producer());
    return properties;
  }

  private static Map<String, Object> consumerProperties(Parts parts) {
    var properties = new HashMap<String, Object>();
    properties.put(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    // By heartbeats a worker learns that another has left and its partitions are to be had.
    properties.put(ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, 500);
    properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 2_000);
    properties.put(
        ConsumerConfig.PARTITION_ASSIGNMENT_STRATEGY_CONFIG,
        CooperativeStickyAssignor.class.getName());
    properties.putAll(parts.consumer());
    properties.put(ConsumerConfig.GROUP_ID_CONFIG, parts.topics().prefix() + "delivery");
    properties.put(ConsumerConfig.CLIENT_ID_CONFIG, parts.topics().prefix() + parts.name());
    properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    var bytes = ByteArrayDeserializer.class.getName();
    properties.put(ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG, bytes);
    properties.put(ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG, bytes);
    return properties;
  }

  /// Returns when it is told to stop and everything in flight has been settled.
  ///
  /// @throws IllegalStateException when it can't go on; what is not settled is started again by the
  ///   next
  void run(BooleanSupplier closing) {
    var notReady = producer.prepare();
    if (notReady.isPresent()) {
      throw new IllegalStateException(notReady.get().cause());
    }
    settler.start(loop::result);
    loopThread.start();
    pump.run(() -> isOver(closing));
    var cause = broken.get();
    if (cause != null) {
      throw new IllegalStateException(cause.getMessage(), cause);
    }
    pump.depart(Set.copyOf(consumer.assignment()));
  }

  /// Asked by the pump with each of its polls.
  private boolean isOver(BooleanSupplier closing) {
    metrics.showEndpoints();
    return closing.getAsBoolean() || broken.get() != null;
  }

  /// Ends what still runs. Nothing is settled here: what is not durable by now is started again.
  @Override
  public void close() {
    loop.stop();
    settler.close();
    join();
    producer.close();
    consumer.close(CloseOptions.timeout(CLOSE));
  }

  private void join() {
    try {
      loopThread.join();
      loop.awaitAttempts(CLOSE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
