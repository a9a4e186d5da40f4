package dev.fanfare.dispatcher.delivery.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.cluster.KafkaSettings;
import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.cluster.TopicSettings;
import dev.fanfare.dispatcher.delivery.lane.Breaker;
import dev.fanfare.dispatcher.delivery.lane.LaneSettings;
import dev.fanfare.dispatcher.egress.EgressSettings;
import dev.fanfare.dispatcher.egress.HttpEgress;
import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.subscription.Endpoint;
import dev.fanfare.dispatcher.subscription.Limits;
import dev.fanfare.dispatcher.subscription.Selector;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionTable;
import dev.fanfare.dispatcher.telemetry.Spans;
import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.RetrySchedule;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.id.SubscriptionId;
import dev.fanfare.schemas.id.TenantId;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// Workers on a real broker, with real sockets to receivers on loopback; the table is the test's.
final class WorkersUnderTest {
  static final int PARTITIONS = 6;
  static final DelayLadder LADDER = DelayLadder.of("1s", "5s", "30s");

  /// Lanes that shed nothing for being slow, and nothing when calls time out either: no relay runs
  /// here, so what is put on a rung never comes back, and a machine that stands still for some
  /// seconds makes every lane look slow and every endpoint ill.
  private static final LaneSettings PATIENT =
      new LaneSettings(
          LaneSettings.DEFAULT.concurrency(),
          Duration.ofDays(1),
          LaneSettings.DEFAULT.queue(),
          Breaker.Policy.of(64, 1, Duration.ofSeconds(5), Duration.ofSeconds(60)),
          LaneSettings.DEFAULT.giveUpAfter());

  final Topics topics;
  final AvroSerdes serdes = new AvroSerdes(RegistrySettings.at("mock://workers"));
  final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
  final MeterRegistry meters = new SimpleMeterRegistry();
  private final Map<String, Object> kafka;
  private final HttpEgress egress;
  private final List<DeliveryWorker> workers = new ArrayList<>();

  WorkersUnderTest(String bootstrap, String prefix) throws Exception {
    this(
        bootstrap,
        prefix,
        new HttpEgress(
            EgressSettings.DEFAULT.allowing("127.0.0.0/8"), "test", InstantSource.system()));
  }

  WorkersUnderTest(String bootstrap, String prefix, HttpEgress egress) throws Exception {
    this.egress = egress;
    this.kafka = Map.of("bootstrap.servers", bootstrap, "heartbeat.interval.ms", 500);
    this.topics = new Topics(prefix, "events-of-" + prefix + "test");
    try (var admin = TopicAdmin.connect(KafkaSettings.at(bootstrap))) {
      var settings = new TopicSettings(prefix, topics.input(), PARTITIONS, 1);
      admin.createMissing(TopicPlan.of(settings, LADDER));
    }
  }

  DeliveryWorker start(String name) {
    return start(name, 32L << 20, Duration.ofSeconds(30), PATIENT);
  }

  /// @param timeout of a call
  DeliveryWorker start(String name, long memoryBytes, Duration timeout, LaneSettings lane) {
    var settings =
        new DeliverySettings(
            1,
            memoryBytes,
            Duration.ofMillis(25),
            Duration.ofSeconds(5),
            timeout,
            RetrySchedule.DEFAULT,
            lane);
    var worker =
        DeliveryWorker.start(
            new DeliveryWorker.Parts(
                name,
                kafka,
                kafka,
                topics,
                LADDER,
                serdes,
                new Table(),
                egress,
                settings,
                meters,
                Spans.NONE,
                InstantSource.system()));
    workers.add(worker);
    return worker;
  }

  void subscribe(String id, URI url) {
    subscribe(id, url, Optional.empty());
  }

  /// @param timeout of its own
  void subscribe(String id, URI url, Duration timeout) {
    subscribe(id, url, Optional.of(timeout));
  }

  private void subscribe(String id, URI url, Optional<Duration> timeout) {
    var keys = new SigningKeys(List.of(HmacSecret.generate(new byte[32])));
    subscriptions.put(
        id,
        new Subscription(
            new SubscriptionId(id),
            new TenantId("acme"),
            Status.ACTIVE,
            new Selector(List.of(Selector.ALL)),
            new Endpoint(url, Map.of(), keys, Optional.empty(), timeout),
            Limits.NONE,
            "standard",
            Optional.empty(),
            Optional.empty()));
  }

  /// As fan-out writes them: in transactions, so that markers leave gaps in the offsets.
  void publish(List<Delivery> deliveries) throws InterruptedException, ExecutionException {
    var properties = new HashMap<>(kafka);
    properties.put("transactional.id", topics.prefix() + "publisher");
    var serializer = serdes.<Delivery>serializer();
    try (var producer =
        new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.initTransactions();
      for (int from = 0; from < deliveries.size(); from += 100) {
        producer.beginTransaction();
        for (var delivery : deliveries.subList(from, Math.min(from + 100, deliveries.size()))) {
          var topic = topics.deliveries().name();
          var sent =
              producer.send(
                  new ProducerRecord<>(
                      topic,
                      delivery.getSubscriptionId().getBytes(UTF_8),
                      serializer.serialize(topic, delivery)));
          assertThat(sent).isNotNull(); // a failed send fails the commit
        }
        producer.commitTransaction();
      }
    }
  }

  void publish(byte[] key, byte[] value) throws InterruptedException, ExecutionException {
    try (var producer =
        new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topics.deliveries().name(), key, value)).get();
    }
  }

  /// How many committed records a topic holds.
  int committed(String topic) {
    return read(topic).size();
  }

  /// Outcomes written: attempts, and what was put on a rung without one.
  int settled() {
    int sum = committed(topics.attempts().name());
    for (var rung : LADDER.rungs()) {
      sum += committed(topics.retry(rung.label(), rung.delay()).name());
    }
    return sum;
  }

  /// How many partitions a worker has been given, as the group tells.
  int partitionsOf(String worker) {
    try (var admin = Admin.create(kafka)) {
      var group = topics.prefix() + "delivery";
      return admin.describeConsumerGroups(List.of(group)).all().get().values().stream()
          .flatMap(it -> it.members().stream())
          .filter(member -> member.clientId().equals(topics.prefix() + worker))
          .mapToInt(member -> member.assignment().topicPartitions().size())
          .sum();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Of which subscriptions outcomes of attempts have been written, and how many.
  Map<String, Integer> attempted() {
    var topic = topics.attempts().name();
    var reader = serdes.deserializer(Attempt.class);
    var counts = new HashMap<String, Integer>();
    for (var value : read(topic)) {
      counts.merge(reader.deserialize(topic, value).getSubscriptionId(), 1, Integer::sum);
    }
    return counts;
  }

  /// Who made the attempts on this topic.
  Set<String> workersIn(String attempts) {
    var reader = serdes.deserializer(Attempt.class);
    return read(attempts).stream()
        .map(value -> reader.deserialize(attempts, value).getWorker())
        .collect(Collectors.toSet());
  }

  List<byte[]> read(String topic) {
    var properties = new HashMap<>(kafka);
    properties.put("isolation.level", "read_committed");
    try (var consumer =
        new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(info -> new TopicPartition(topic, info.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      var values = new ArrayList<byte[]>();
      while (partitions.stream().anyMatch(p -> consumer.position(p) < ends.getOrDefault(p, 0L))) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
      return values;
    }
  }

  void close() {
    workers.forEach(DeliveryWorker::close);
    egress.close();
  }

  private final class Table implements SubscriptionTable {
    @Override
    public Optional<Subscription> find(String id) {
      return Optional.ofNullable(subscriptions.get(id));
    }

    @Override
    public Optional<dev.fanfare.schemas.avro.Subscription> stored(String id) {
      return Optional.empty();
    }

    @Override
    public Optional<EndpointState> endpoint(String id) {
      return Optional.empty();
    }

    @Override
    public Collection<Subscription> all() {
      return subscriptions.values();
    }
  }
}
