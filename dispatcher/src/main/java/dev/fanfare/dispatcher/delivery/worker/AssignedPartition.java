package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.offset.OffsetBitmap;
import dev.fanfare.dispatcher.delivery.offset.OffsetTracker;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One partition while it is ours: what of it is settled, and which of its deliveries are in
/// flight.
final class AssignedPartition {
  private static final Logger LOG = LoggerFactory.getLogger(AssignedPartition.class);

  /// From this length of the offset's metadata on nothing more is taken in, so that what is settled
  /// above the low-water mark always fits.
  private static final int CROWDED = OffsetBitmap.LONGEST / 2;

  private final OffsetTracker tracker;
  private final Map<Long, InFlight> inFlight = new HashMap<>();
  private boolean crowded;

  private AssignedPartition(OffsetTracker tracker) {
    this.tracker = tracker;
  }

  static AssignedPartition resumed(TopicPartition partition, OffsetAndMetadata committed) {
    return new AssignedPartition(tracker(partition, committed));
  }

  private static OffsetTracker tracker(TopicPartition partition, OffsetAndMetadata committed) {
    try {
      return OffsetTracker.resumed(committed.offset(), committed.metadata());
    } catch (IllegalArgumentException e) {
      LOG.warn(
          "{}: the metadata of offset {} is not ours ({}); what is settled above it may be repeated",
          partition,
          committed.offset(),
          e.getMessage());
      return OffsetTracker.at(committed.offset());
    }
  }

  /// False when it was settled before a restart.
  boolean received(long offset) {
    return tracker.received(offset);
  }

  void settled(long offset) {
    tracker.settled(offset);
  }

  void started(Received received, Thread thread) {
    inFlight.put(received.offset(), new InFlight(received, thread));
  }

  /// False when this very delivery is not in flight here: it was let go by an earlier assignment.
  @SuppressWarnings("ReferenceEquality") // an equal one of a later assignment is another
  boolean ended(Received received) {
    var flight = inFlight.get(received.offset());
    if (flight == null || flight.received != received) {
      return false;
    }
    inFlight.remove(received.offset());
    return true;
  }

  int inFlight() {
    return inFlight.size();
  }

  void cancelAll() {
    inFlight.values().forEach(flight -> flight.thread.interrupt());
  }

  List<Thread> threads() {
    return inFlight.values().stream().map(InFlight::thread).toList();
  }

  OffsetAndMetadata committable() {
    var metadata = tracker.metadata();
    crowded = metadata.length() > CROWDED || (metadata.isEmpty() && tracker.span() > CROWDED);
    return new OffsetAndMetadata(tracker.lowWater(), metadata);
  }

  /// Whether nothing more should be taken in until the low-water mark has moved.
  boolean isCrowded() {
    return crowded;
  }

  private record InFlight(Received received, Thread thread) {}
}
