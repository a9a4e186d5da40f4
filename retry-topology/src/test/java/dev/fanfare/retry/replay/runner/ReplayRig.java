package dev.fanfare.retry.replay.runner;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;

import dev.fanfare.retry.KafkaRig;
import dev.fanfare.retry.replay.Letters;
import dev.fanfare.retry.replay.ReplayFilter;
import dev.fanfare.retry.replay.ReplayJob;
import dev.fanfare.retry.replay.ReplayKey;
import dev.fanfare.retry.replay.ReplayRecords;
import dev.fanfare.retry.replay.ReplaySource;
import dev.fanfare.retry.replay.ReplayState;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;

/// Topics of one test, runners over them, and what came out.
final class ReplayRig implements AutoCloseable {
  static final String REGISTRY = "mock://replay";
  static final Duration PATIENCE = Duration.ofMinutes(2);

  final KafkaRig kafka;
  final Topics topics;
  final AvroSerdes serdes = new AvroSerdes(RegistrySettings.at(REGISTRY));
  final ReplayBoard board;
  Surroundings surroundings =
      new Surroundings(_ -> true, Surroundings.Statuses.NONE, (_, _) -> Optional.empty());
  private final KafkaProducer<byte[], byte[]> producer;
  private final Serializer<SpecificRecord> serializer = serdes.serializer();
  private final Deserializer<Delivery> deliveries = serdes.deserializer(Delivery.class);
  private final List<Runnable> open = new ArrayList<>();
  private final List<Future<RecordMetadata>> sent = new ArrayList<>();

  ReplayRig(KafkaRig kafka, int partitions) throws Exception {
    this.kafka = kafka;
    this.topics = new Topics(kafka.name("t") + ".", kafka.name("events"));
    kafka.create(topics.deadLetters().name(), partitions, Map.of());
    kafka.create(topics.deliveries().name(), partitions, Map.of());
    kafka.create(topics.events().name(), partitions, Map.of());
    kafka.create(topics.replays().name(), 3, Map.of("cleanup.policy", "compact"));
    register(serdes, topics);
    this.producer = kafka.producer();
    this.board = ReplayBoard.start(kafka.client(), topics, serdes, "board");
    await().atMost(PATIENCE).until(() -> board.trouble().isEmpty());
  }

  /// In the same order in every process: the ids that a mock registry gives are counted.
  static void register(AvroSerdes serdes, Topics topics) {
    var delivery = Letters.delivery("sub_0", 0).build();
    try (Serializer<SpecificRecord> serializer = serdes.serializer()) {
      serializer.serialize(topics.deliveries().name(), delivery);
      serializer.serialize(topics.deadLetters().name(), Letters.letter(delivery));
      serializer.serialize(
          topics.replays().name(), ReplayRecords.record(job("rpl_0", ReplayFilter.ALL, 1)));
    }
  }

  static ReplayJob job(String id, ReplayFilter filter, double rate) {
    return job(id, ReplaySource.DEAD_LETTERS, filter, rate);
  }

  static ReplayJob job(String id, ReplaySource source, ReplayFilter filter, double rate) {
    var now = Instant.now().truncatedTo(ChronoUnit.MILLIS);
    return new ReplayJob(
        id,
        Optional.empty(),
        source,
        filter,
        Optional.of(rate),
        new ReplayState.Planned(),
        List.of(),
        Optional.empty(),
        now,
        now);
  }

  ReplayRunner runner(String instance) {
    return runner(instance, board);
  }

  ReplayRunner runner(String instance, ReplayBoard of) {
    var runner =
        ReplayRunner.start(
            new ReplayRunner.Parts(
                client(),
                topics,
                serdes,
                of,
                surroundings,
                ReplaySettings.defaults(instance),
                new SimpleMeterRegistry(),
                InstantSource.system()));
    open.add(runner::close);
    await().atMost(PATIENCE).until(() -> runner.trouble().isEmpty());
    return runner;
  }

  /// Those of a process of its own.
  ReplayBoard anotherBoard(String instance) {
    var another = ReplayBoard.start(kafka.client(), topics, serdes, instance);
    open.add(another::close);
    await().atMost(PATIENCE).until(() -> another.trouble().isEmpty());
    return another;
  }

  Map<String, Object> client() {
    return client(String.valueOf(kafka.client().get("bootstrap.servers")));
  }

  static Map<String, Object> client(String bootstrap) {
    return new HashMap<>(
        Map.of(
            "bootstrap.servers",
            bootstrap,
            "session.timeout.ms",
            6_000,
            "heartbeat.interval.ms",
            300,
            "transaction.timeout.ms",
            5_000));
  }

  void put(String topic, String key, SpecificRecord value) {
    sent.add(
        producer.send(
            new ProducerRecord<>(topic, key.getBytes(UTF_8), serializer.serialize(topic, value))));
  }

  void die(Delivery delivery) {
    put(topics.deadLetters().name(), delivery.getSubscriptionId(), Letters.letter(delivery));
  }

  void deliver(Delivery delivery) {
    put(topics.deliveries().name(), delivery.getSubscriptionId(), delivery);
  }

  void happen(EmailEvent event) {
    put(topics.events().name(), event.getMessageId(), event);
  }

  void written() throws Exception {
    producer.flush();
    for (var one : sent) {
      one.get();
    }
    sent.clear();
  }

  /// So many dead letters, spread over some subscriptions.
  void die(int count) throws Exception {
    for (int i = 0; i < count; i++) {
      die(Letters.delivery("sub_" + i % 17, i).build());
    }
    written();
  }

  void ask(ReplayJob job) throws Exception {
    put(topics.replays().name(), job.id(), ReplayRecords.record(job));
    written();
  }

  void command(ReplayJob job, String word) throws Exception {
    var key =
        word.equals("cancel") ? new ReplayKey.OfCancel(job.id()) : new ReplayKey.OfHold(job.id());
    put(topics.replays().name(), key.text(), ReplayRecords.command(job, word, Instant.now()));
    written();
  }

  ReplayJob find(String id) {
    return board.find(id).orElseThrow();
  }

  void awaitState(String id, String word) {
    await()
        .atMost(PATIENCE)
        .until(() -> board.find(id).filter(it -> it.state().word().equals(word)).isPresent());
  }

  void awaitReleased(String id, long atLeast) {
    await()
        .atMost(PATIENCE)
        .until(() ->
            board.find(id).filter(it -> it.state().progress().released() >= atLeast).isPresent());
  }

  /// What replays have written, in the order of each partition.
  List<Delivery> released() {
    return kafka.read(topics.deliveries().name()).stream()
        .map(it -> deliveries.deserialize(it.topic(), it.headers(), it.value()))
        .filter(it -> it.getReplayId() != null)
        .toList();
  }

  @Override
  public void close() {
    open.reversed().forEach(Runnable::run);
    board.close();
    producer.close();
  }
}
