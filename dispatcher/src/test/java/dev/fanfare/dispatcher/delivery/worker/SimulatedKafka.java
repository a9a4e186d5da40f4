package dev.fanfare.dispatcher.delivery.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.delivery.offset.OffsetBitmap;
import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.transfer.Settlement;
import dev.fanfare.retry.transfer.Transfer;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// The topics and the committed offsets of a simulation. A transfer is all or nothing, and each
/// leaves a marker in the partitions it wrote to, as transactions do. What it makes durable is told
/// to the bookkeeper, who is shown the same bytes that a broker would get.
final class SimulatedKafka {
  /// A record, or a transaction's marker when it is null, and when it was appended.
  record Entry(@Nullable ProducerRecord<byte[], byte[]> record, long atMs) {}

  final Topics topics = Topics.defaults();
  final AvroSerdes serdes = new AvroSerdes(RegistrySettings.at("mock://simulation"));
  final DelayLadder ladder;
  final int partitions;
  private final SimulatedTime time;
  private final Bookkeeper books;
  private final Map<TopicPartition, List<Entry>> logs = new HashMap<>();
  private final Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
  private final Map<TopicPartition, BitSet> done = new HashMap<>();
  private final Deserializer<Delivery> deliveries = serdes.deserializer(Delivery.class);
  private final Deserializer<Attempt> attempts = serdes.deserializer(Attempt.class);
  private final Deserializer<DeadLetter> deadLetters = serdes.deserializer(DeadLetter.class);
  private final Deserializer<EndpointState> endpoints = serdes.deserializer(EndpointState.class);
  private Consumer<TopicPartition> appended = _ -> {};
  private Consumer<EndpointState> found = _ -> {};
  private final IdentityHashMap<byte[], Delivery> decoded = new IdentityHashMap<>();
  private final Set<String> alerts = new HashSet<>();
  private int transfers;

  SimulatedKafka(SimulatedTime time, Bookkeeper books, DelayLadder ladder, int partitions) {
    this.time = time;
    this.books = books;
    this.ladder = ladder;
    this.partitions = partitions;
  }

  /// @param appended told of partitions of deliveries and rungs that have something new
  /// @param found told what workers have written about endpoints
  void tell(Consumer<TopicPartition> appended, Consumer<EndpointState> found) {
    this.appended = appended;
    this.found = found;
  }

  TopicPartition partition(String topic, String key) {
    return new TopicPartition(topic, Math.floorMod(key.hashCode() * 31, partitions));
  }

  List<Entry> log(TopicPartition partition) {
    return logs.computeIfAbsent(partition, _ -> new ArrayList<>());
  }

  OffsetAndMetadata committed(TopicPartition partition) {
    return committed.getOrDefault(partition, new OffsetAndMetadata(0));
  }

  /// The same bytes are the same delivery, however often they are moved.
  Delivery delivery(byte[] value) {
    return decoded.computeIfAbsent(
        value, bytes -> deliveries.deserialize(topics.deliveries().name(), bytes));
  }

  /// As fan-out does: some deliveries in one transaction.
  void open(List<Delivery> made) {
    var touched = new HashSet<TopicPartition>();
    var name = topics.deliveries().name();
    var serializer = serdes.<Delivery>serializer();
    for (var delivery : made) {
      books.opened(delivery, time.nowMs());
      var key = delivery.getSubscriptionId();
      touched.add(
          append(
              new ProducerRecord<>(
                  name, key.getBytes(UTF_8), serializer.serialize(name, delivery))));
    }
    close(touched);
  }

  /// A worker's transfer: what it settles leaves the deliveries, and what became of it is written.
  Settlement settle(Transfer transfer) {
    var affected = new HashSet<String>();
    transfer.offsets().forEach((partition, offset) -> advance(partition, offset, affected));
    var touched = new HashSet<TopicPartition>();
    for (var record : transfer.records()) {
      touched.add(append(record));
      account(record, affected);
    }
    close(touched);
    affected.forEach(books::settled);
    transfers++;
    return new Settlement.Committed();
  }

  private void advance(TopicPartition partition, OffsetAndMetadata offset, Set<String> affected) {
    committed.put(partition, offset);
    var settled = OffsetBitmap.decode(offset.metadata());
    var before = done.computeIfAbsent(partition, _ -> new BitSet());
    var log = log(partition);
    int low = (int) offset.offset();
    for (int at = before.nextClearBit(0);
        at < Math.min(log.size(), low + settled.length());
        at = before.nextClearBit(at + 1)) {
      if (at < low || settled.get(at - low)) {
        before.set(at);
        var record = log.get(at).record();
        if (record != null) {
          var id = delivery(record.value()).getDeliveryId();
          books.leaves(id);
          affected.add(id);
        }
      }
    }
  }

  private void account(ProducerRecord<byte[], byte[]> record, Set<String> affected) {
    var topic = record.topic();
    if (topic.equals(topics.attempts().name())) {
      var attempt = attempts.deserialize(topic, record.value());
      if (attempt.getOutcome().equals("delivered")) {
        books.ended(attempt.getDeliveryId(), "delivered", time.nowMs());
        affected.add(attempt.getDeliveryId());
      }
    } else if (topic.equals(topics.deadLetters().name())) {
      var dead = deadLetters.deserialize(topic, record.value());
      books.ended(dead.getDelivery().getDeliveryId(), dead.getReason(), time.nowMs());
      affected.add(dead.getDelivery().getDeliveryId());
    } else if (topic.equals(topics.endpoints().name())) {
      if (record.value() != null) {
        found.accept(endpoints.deserialize(topic, record.value()));
      }
    } else if (topic.equals(topics.alerts().name())) {
      alerts.add(new String(record.key(), UTF_8));
    } else {
      var waiting = delivery(record.value());
      books.waits(waiting, true, true);
      affected.add(waiting.getDeliveryId());
    }
  }

  /// A relay's transfer: records move from one topic to another.
  void move(Map<TopicPartition, Long> next, List<ProducerRecord<byte[], byte[]>> records) {
    var touched = new HashSet<TopicPartition>();
    next.forEach((partition, offset) -> committed.put(partition, new OffsetAndMetadata(offset)));
    for (var record : records) {
      var delivery = delivery(record.value());
      books.leaves(delivery.getDeliveryId());
      books.waits(delivery, !record.topic().equals(topics.deliveries().name()), false);
      books.settled(delivery.getDeliveryId());
      touched.add(append(record));
    }
    close(touched);
  }

  private TopicPartition append(ProducerRecord<byte[], byte[]> record) {
    var partition = partition(record.topic(), new String(record.key(), UTF_8));
    log(partition).add(new Entry(record, time.nowMs()));
    return partition;
  }

  private void close(Set<TopicPartition> touched) {
    for (var partition : touched) {
      log(partition).add(new Entry(null, time.nowMs()));
      appended.accept(partition);
    }
  }

  /// How many things were said; each worker that finds the same says it under the same id.
  int alerts() {
    return alerts.size();
  }

  int transfers() {
    return transfers;
  }
}
