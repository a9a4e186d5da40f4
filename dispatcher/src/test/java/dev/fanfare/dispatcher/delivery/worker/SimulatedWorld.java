package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.LaneSettings;
import dev.fanfare.dispatcher.subscription.Limits;
import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.RetrySchedule;
import dev.fanfare.schemas.avro.Delivery;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.kafka.common.TopicPartition;

/// A whole dispatcher under one simulated clock: workers, endpoints, rungs, a relay, a group; with
/// books that are balanced after every event.
final class SimulatedWorld {
  static final int PARTITIONS = 6;
  private static final byte[] PAYLOAD = new byte[200];
  private static final long SESSION_TIMEOUT_MS = 10_000;

  final SimulatedTime time;
  final Bookkeeper books = new Bookkeeper();
  final SimulatedKafka kafka;
  final SimulatedGroup group;
  final SimulatedTable table;
  final SimulatedEndpoints endpoints;
  final SimulatedRelay relay;
  private final DeliverySettings settings;
  private final List<SimulatedWorker> workers = new ArrayList<>();
  private int made;
  private int kills;
  private int stops;
  int brokenOneIn;

  SimulatedWorld(long seed) {
    this(seed, 32L << 20);
  }

  SimulatedWorld(long seed, long memoryBytes) {
    this.settings =
        new DeliverySettings(
            1,
            memoryBytes,
            Duration.ofMillis(25),
            Duration.ofSeconds(20),
            Duration.ofMillis(SimulatedEndpoints.TIMEOUT_MS),
            RetrySchedule.DEFAULT,
            LaneSettings.DEFAULT);
    this.time = new SimulatedTime(new SplittableRandom(seed));
    this.kafka = new SimulatedKafka(time, books, DelayLadder.DEFAULT, PARTITIONS);
    this.group = new SimulatedGroup(time, deliveries(kafka), settings.drain());
    this.table = new SimulatedTable(time);
    this.endpoints = new SimulatedEndpoints(time);
    this.relay = new SimulatedRelay(time, kafka);
    kafka.tell(this::appended, table::found);
  }

  private static List<TopicPartition> deliveries(SimulatedKafka kafka) {
    var topic = kafka.topics.deliveries().name();
    return IntStream.range(0, PARTITIONS).mapToObj(i -> new TopicPartition(topic, i)).toList();
  }

  private void appended(TopicPartition partition) {
    if (relay.reads(partition)) {
      relay.look();
    } else {
      group.owner(partition).ifPresent(SimulatedWorker::poll);
    }
  }

  void subscribe(String id, SimulatedEndpoints.Behaviour behaviour) {
    subscribe(id, Limits.NONE, behaviour);
  }

  void subscribe(String id, double ratePerSecond, SimulatedEndpoints.Behaviour behaviour) {
    subscribe(id, new Limits(OptionalDouble.of(ratePerSecond), OptionalInt.empty()), behaviour);
  }

  private void subscribe(String id, Limits limits, SimulatedEndpoints.Behaviour behaviour) {
    table.put(id, limits);
    endpoints.put(id, behaviour);
  }

  void work(int workers) {
    for (int i = 0; i < workers; i++) {
      start("w" + i);
    }
  }

  private void start(String name) {
    var worker = new SimulatedWorker(name, this, settings);
    workers.add(worker);
    group.join(worker);
  }

  List<SimulatedWorker> living() {
    return workers.stream().filter(SimulatedWorker::isAlive).toList();
  }

  /// One of those that live, by chance.
  Optional<SimulatedWorker> any() {
    var living = living();
    return living.isEmpty()
        ? Optional.empty()
        : Optional.of(living.get((int) time.between(0, living.size())));
  }

  /// As by `kill -9`; another one takes its place after a while.
  void kill(SimulatedWorker worker, long awayMs) {
    kills++;
    worker.die();
    workers.remove(worker);
    // Until its session is over, nobody knows.
    time.after(SESSION_TIMEOUT_MS, () -> group.leave(worker));
    time.after(SESSION_TIMEOUT_MS + awayMs, () -> start(worker.name));
  }

  /// A worker's session ends because it does not know what has become of a transaction.
  void lose(SimulatedWorker worker, long awayMs) {
    if (worker.isAlive()) {
      worker.die();
      workers.remove(worker);
      group.leave(worker);
      time.after(awayMs, () -> start(worker.name));
    }
  }

  /// In good order, as by SIGTERM; another one takes its place after a while.
  void stop(SimulatedWorker worker, long awayMs) {
    stops++;
    workers.remove(worker);
    worker.rebalanced(
        Set.copyOf(worker.owned),
        settings.drain(),
        () -> {
          if (worker.isAlive()) {
            worker.die();
            group.leave(worker);
            time.after(awayMs, () -> start(worker.name));
          }
        });
  }

  /// Deliveries of one event each, to one endpoint.
  void publish(String subscription, int count, String type, Duration life) {
    var all = new ArrayList<Delivery>(count);
    var now = time.instant();
    for (int i = 0; i < count; i++) {
      var event = "evt_" + made++;
      all.add(
          Delivery.newBuilder()
              .setDeliveryId("dlv_" + event)
              .setEventId(event)
              .setSubscriptionId(subscription)
              .setTenant("acme")
              .setType(type)
              .setOccurredAt(now)
              .setMessageId("msg_1")
              .setRecipient("ada@example.com")
              .setSchemaVersion("1.0")
              .setFormat("standard")
              .setPayload(ByteBuffer.wrap(PAYLOAD))
              .setCreatedAt(now)
              .setExpiresAt(now.plus(life))
              .setDueAt(now)
              .build());
    }
    kafka.open(all);
  }

  void publish(String subscription, int count) {
    publish(subscription, count, "email.delivered", Duration.ofDays(1));
  }

  /// Runs until the time since the start has come, or everything has ended.
  void run(Duration until) {
    long untilMs = SimulatedTime.START.plus(until).toEpochMilli();
    while (time.step(untilMs)) {
      books.balance();
    }
  }

  /// Runs until every delivery has come to an end.
  void runDry(Duration atMost) {
    long untilMs = SimulatedTime.START.plus(atMost).toEpochMilli();
    while (books.waiting() > 0 && time.step(untilMs)) {
      books.balance();
    }
    if (books.waiting() > 0) {
      throw new AssertionError(books.waiting() + " wait still after " + atMost);
    }
  }

  int kills() {
    return kills;
  }

  int stops() {
    return stops;
  }
}
