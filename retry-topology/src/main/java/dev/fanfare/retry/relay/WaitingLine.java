package dev.fanfare.retry.relay;

import dev.fanfare.retry.ladder.DueAt;
import dev.fanfare.retry.ladder.Rung;
import dev.fanfare.retry.relay.RungGate.Forward;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// The front of one partition of one rung: the records read but not yet forwarded, in their order.
///
/// ```
///   committed                                  read
///      │ due  due  due │ 14:03:07  14:03:09 …    │ frontier: known when the tail was dropped,
///      └── forwarded ──┴─ held, paused ──────────┘ else as late as the last record held
/// ```
///
/// Not thread-safe; the relay's thread owns it.
final class WaitingLine {
  /// What a record costs beside its bytes, roughly.
  private static final int OVERHEAD_BYTES = 256;

  private final TopicPartition partition;
  private final Rung rung;
  private final ArrayDeque<Held> held = new ArrayDeque<>();
  private long bytes;
  private @Nullable Instant frontier;
  private boolean dropped;
  private boolean open = true;

  WaitingLine(TopicPartition partition, Rung rung) {
    this.partition = partition;
    this.rung = rung;
  }

  void add(ConsumerRecord<byte[], byte[]> record) {
    var header = record.headers().lastHeader(DueAt.HEADER);
    var stay =
        new Stay(
            Instant.ofEpochMilli(record.timestamp()),
            DueAt.decode(header == null ? null : header.value()));
    var one = new Held(record, stay, RungGate.opensFor(stay, rung.delay()), size(record));
    held.addLast(one);
    bytes += one.bytes();
    frontier = one.opens();
    dropped = false;
  }

  /// When the head may leave; empty when nothing is known to wait.
  Optional<Instant> headOpens() {
    var head = held.peekFirst();
    return Optional.ofNullable(head == null ? frontier : head.opens());
  }

  /// Offset of the head; empty when nothing is held.
  OptionalLong headOffset() {
    var head = held.peekFirst();
    return head == null ? OptionalLong.empty() : OptionalLong.of(head.record().offset());
  }

  /// How many records from the head on may leave now.
  int due(Instant now, int most) {
    int count = 0;
    for (var one : held) {
      if (count == most || !(RungGate.at(one.stay(), rung.delay(), now) instanceof Forward)) {
        break;
      }
      count++;
    }
    return count;
  }

  List<Held> first(int count) {
    var some = new ArrayList<Held>(count);
    Iterator<Held> all = held.iterator();
    while (some.size() < count) {
      some.add(all.next());
    }
    return some;
  }

  /// They have been forwarded.
  void remove(int count) {
    for (int i = 0; i < count; i++) {
      bytes -= held.removeFirst().bytes();
    }
    if (held.isEmpty() && !dropped) {
      frontier = null;
    }
  }

  /// Drops records from the tail, never one that is due, until the rest fits.
  ///
  /// @return the offset to read from when they are wanted again; empty when nothing was dropped
  OptionalLong trim(long most, Instant now) {
    var from = OptionalLong.empty();
    while (bytes > most) {
      var last = held.getLast();
      if (!last.opens().isAfter(now)) {
        break;
      }
      held.removeLast();
      bytes -= last.bytes();
      frontier = last.opens();
      dropped = true;
      from = OptionalLong.of(last.record().offset());
    }
    return from;
  }

  /// When more should be read, given room: when what was read last is about to leave.
  Instant wantsMoreAt(Duration lookAhead) {
    return frontier == null ? Instant.MIN : frontier.minus(lookAhead);
  }

  TopicPartition partition() {
    return partition;
  }

  Rung rung() {
    return rung;
  }

  int size() {
    return held.size();
  }

  long bytes() {
    return bytes;
  }

  boolean isOpen() {
    return open;
  }

  void open(boolean open) {
    this.open = open;
  }

  private static int size(ConsumerRecord<byte[], byte[]> record) {
    int size = OVERHEAD_BYTES;
    size += Math.max(record.serializedKeySize(), 0) + Math.max(record.serializedValueSize(), 0);
    for (var header : record.headers()) {
      size += header.key().length() + (header.value() == null ? 0 : header.value().length);
    }
    return size;
  }

  /// @param opens when it may leave
  record Held(ConsumerRecord<byte[], byte[]> record, Stay stay, Instant opens, int bytes) {}
}
