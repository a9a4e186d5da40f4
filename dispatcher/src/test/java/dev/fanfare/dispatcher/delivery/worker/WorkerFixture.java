package dev.fanfare.dispatcher.delivery.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.delivery.lane.LaneSettings;
import dev.fanfare.dispatcher.egress.Egress;
import dev.fanfare.dispatcher.egress.Post;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Sent;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionTable;
import dev.fanfare.dispatcher.telemetry.Spans;
import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.RetrySchedule;
import dev.fanfare.retry.ladder.Rung;
import dev.fanfare.retry.transfer.Settlement;
import dev.fanfare.retry.transfer.Transfer;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;

/// A worker's loop with its lanes and attempts, without Kafka and without a network: the test is
/// the broker and the endpoint.
final class WorkerFixture {
  static final TopicPartition P0 = new TopicPartition("fanfare.deliveries", 0);
  static final TopicPartition P1 = new TopicPartition("fanfare.deliveries", 1);

  final Topics topics = Topics.defaults();
  final AvroSerdes serdes = new AvroSerdes(RegistrySettings.at("mock://worker"));
  final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
  final Map<String, dev.fanfare.schemas.avro.Subscription> stored = new ConcurrentHashMap<>();
  final Map<String, EndpointState> endpoints = new ConcurrentHashMap<>();
  final LinkedBlockingQueue<Call> calls = new LinkedBlockingQueue<>();
  final LinkedBlockingQueue<Transfer> transfers = new LinkedBlockingQueue<>();
  final CompletableFuture<Throwable> broken = new CompletableFuture<>();
  final WorkerLoop loop;
  private final Thread thread;
  private final Deserializer<Delivery> deliveries = serdes.deserializer(Delivery.class);

  WorkerFixture() {
    this(1 << 20);
  }

  WorkerFixture(Spans spans) {
    this(1 << 20, spans);
  }

  WorkerFixture(long memoryBytes) {
    this(memoryBytes, Spans.NONE);
  }

  private WorkerFixture(long memoryBytes, Spans spans) {
    var settings =
        new DeliverySettings(
            1,
            memoryBytes,
            Duration.ofMillis(1),
            Duration.ofSeconds(5),
            Duration.ofSeconds(15),
            RetrySchedule.DEFAULT,
            LaneSettings.DEFAULT);
    var ladder =
        new DelayLadder(
            List.of(new Rung("1s", Duration.ofSeconds(1)), new Rung("5s", Duration.ofSeconds(5))));
    var metrics = new WorkerMetrics(new SimpleMeterRegistry(), "test");
    var outgoing = new OutgoingRecords(topics, ladder, serdes);
    var table = new Table();
    var runner =
        new AttemptRunner(
            new Endpoints(), outgoing, "test", settings, metrics, spans, InstantSource.system());
    this.loop =
        new WorkerLoop(
            settings,
            settling -> new Lanes(table, runner, outgoing, settings, metrics, settling),
            transfers::add,
            broken::complete,
            InstantSource.system());
    this.thread = Thread.ofPlatform().name("loop").start(loop::run);
  }

  /// A POST that waits for the test's answer.
  record Call(Post post, CompletableFuture<Reply> reply) {
    void answer(int status) {
      answer(status, Map.of());
    }

    void answer(int status, Map<String, String> headers) {
      reply.complete(
          new Reply.Answered(status, headers, ByteBuffer.wrap("ok".getBytes(UTF_8)), Sent.NOTHING));
    }
  }

  private final class Endpoints implements Egress {
    @Override
    public Reply post(Post post) {
      var call = new Call(post, new CompletableFuture<>());
      calls.add(call);
      try {
        return call.reply.get();
      } catch (InterruptedException e) {
        return new Reply.Unanswered(Fault.CANCELLED, "cancelled", Sent.NOTHING);
      } catch (ExecutionException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {}
  }

  private final class Table implements SubscriptionTable {
    @Override
    public Optional<Subscription> find(String id) {
      return Optional.ofNullable(subscriptions.get(id));
    }

    @Override
    public Optional<dev.fanfare.schemas.avro.Subscription> stored(String id) {
      return Optional.ofNullable(stored.get(id));
    }

    @Override
    public Optional<EndpointState> endpoint(String id) {
      return Optional.ofNullable(endpoints.get(id));
    }

    @Override
    public Collection<Subscription> all() {
      return subscriptions.values();
    }
  }

  void assign(TopicPartition... partitions) {
    assign(1, partitions);
  }

  void assign(int generation, TopicPartition... partitions) {
    var committed = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var partition : partitions) {
      committed.put(partition, new OffsetAndMetadata(0));
    }
    loop.assigned(committed, member(generation));
  }

  static ConsumerGroupMetadata member(int generation) {
    return member(generation, "member");
  }

  @SuppressWarnings("removal") // there is no other way to make one
  static ConsumerGroupMetadata member(int generation, String name) {
    return new ConsumerGroupMetadata("fanfare.delivery", generation, name, Optional.empty());
  }

  void receive(TopicPartition partition, long offset, String subscription) {
    receive(
        partition, offset, delivery(subscription, "evt_" + partition.partition() + "_" + offset));
  }

  void receive(TopicPartition partition, long offset, Delivery delivery) {
    loop.received(
        List.of(
            new Received(
                partition,
                offset,
                delivery.getSubscriptionId(),
                delivery,
                delivery.getCreatedAt(),
                2_000)));
  }

  static Delivery delivery(String subscription, String event) {
    var now = Instant.now();
    return Delivery.newBuilder()
        .setDeliveryId("dlv_" + event)
        .setEventId(event)
        .setSubscriptionId(subscription)
        .setTenant("acme")
        .setType("email.delivered")
        .setOccurredAt(now)
        .setMessageId("msg_1")
        .setRecipient("ada@example.com")
        .setSchemaVersion("1.0")
        .setFormat("standard")
        .setPayload(ByteBuffer.wrap("{}".getBytes(UTF_8)))
        .setCreatedAt(now)
        .setExpiresAt(now.plus(Duration.ofDays(1)))
        .setDueAt(now)
        .build();
  }

  Call call() throws InterruptedException {
    var call = calls.poll(10, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no POST was made");
    }
    return call;
  }

  Transfer transfer() throws InterruptedException {
    var transfer = transfers.poll(10, TimeUnit.SECONDS);
    if (transfer == null) {
      throw new AssertionError("nothing was settled");
    }
    return transfer;
  }

  void commit() {
    loop.result(new Settlement.Committed());
  }

  /// Waits until every task given to the loop so far has been done.
  void settleDown() {
    var done = loop.depart(Set.of(), Duration.ofSeconds(1));
    await().until(done::isDone);
  }

  List<String> written(Transfer transfer) {
    return transfer.records().stream().map(record -> record.topic()).toList();
  }

  Delivery read(byte[] value) {
    return deliveries.deserialize(topics.deliveries().name(), value);
  }

  void close() throws InterruptedException {
    loop.stop();
    thread.join();
  }
}
