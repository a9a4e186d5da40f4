package dev.fanfare.dispatcher.fanout;

import dev.fanfare.schemas.topic.Topics;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.AutoOffsetReset;
import org.apache.kafka.streams.Topology;

/// The way of an event through fan-out. Bytes in, bytes out: the processor reads and writes them
/// itself, so that no failure is met where nothing can be decided about it.
final class FanoutTopology {
  static final String EVENTS = "events";
  static final String FANOUT = "fanout";
  static final String DELIVERIES = "deliveries";
  static final String REJECTED = "rejected";

  private FanoutTopology() {}

  static Topology of(Topics topics, FanoutProcessor.Shared shared, Deduplication deduplication) {
    var deliveries = topics.deliveries().name();
    var topology =
        new Topology()
            .addSource(
                AutoOffsetReset.earliest(),
                EVENTS,
                new ArrivalTime(),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer(),
                topics.events().name())
            .addProcessor(
                FANOUT, () -> new FanoutProcessor(shared, deliveries, deduplication), EVENTS)
            .addSink(
                DELIVERIES,
                deliveries,
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                FANOUT)
            .addSink(
                REJECTED,
                topics.rejected().name(),
                new ByteArraySerializer(),
                new ByteArraySerializer(),
                FANOUT);
    return deduplication.isOn()
        ? topology.addStateStore(SeenEvents.builder(deduplication), FANOUT)
        : topology;
  }
}
