package dev.fanfare.retry.relay;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// All lines of one relay: who may be fetched, who must drop records, who goes next. Together they
/// hold about `bufferBytes`, and what one poll brings on top, however many deliveries wait.
///
/// Lines are served in turn with equal shares, so a flood on one rung does not delay another.
///
/// Not thread-safe; the relay's thread owns it.
final class WaitingLines {
  private final long bufferBytes;
  private final int batchRecords;
  private final Duration lookAhead;
  private final Map<TopicPartition, WaitingLine> lines = new HashMap<>();
  private int turn;

  WaitingLines(RelaySettings settings) {
    this.bufferBytes = settings.bufferBytes();
    this.batchRecords = settings.batchRecords();
    this.lookAhead = settings.lookAhead();
  }

  void join(WaitingLine line) {
    lines.put(line.partition(), line);
  }

  void leave(Collection<TopicPartition> partitions) {
    partitions.forEach(lines::remove);
  }

  Collection<WaitingLine> all() {
    return lines.values();
  }

  /// Takes what was read. Records of a partition that is no longer ours are ignored.
  void add(Iterable<ConsumerRecord<byte[], byte[]>> records) {
    for (var record : records) {
      var line = lines.get(new TopicPartition(record.topic(), record.partition()));
      if (line != null) {
        line.add(record);
      }
    }
  }

  /// Decides for each line whether it may be fetched.
  Changes regulate(Instant now) {
    var opened = new ArrayList<TopicPartition>();
    var closed = new ArrayList<TopicPartition>();
    boolean roomy = bytes() < bufferBytes / 2;
    for (var line : lines.values()) {
      boolean wanted = hasRoom(line, roomy) && !line.wantsMoreAt(lookAhead).isAfter(now);
      if (wanted != line.isOpen()) {
        line.open(wanted);
        (wanted ? opened : closed).add(line.partition());
      }
    }
    return new Changes(opened, closed);
  }

  /// A line may hold half of its share in any case, and a batch while the others leave room.
  private boolean hasRoom(WaitingLine line, boolean roomy) {
    return line.bytes() < share() / 2 || (roomy && line.size() < batchRecords);
  }

  private long share() {
    return bufferBytes / Math.max(lines.size(), 1);
  }

  long bytes() {
    long sum = 0;
    for (var line : lines.values()) {
      sum += line.bytes();
    }
    return sum;
  }

  /// Drops records while too much is held, first where the wait is longest, down to equal shares.
  ///
  /// @return where to read on, by partition
  Map<TopicPartition, Long> trim(Instant now) {
    long excess = bytes() - bufferBytes;
    if (excess <= 0) {
      return Map.of();
    }
    var from = new HashMap<TopicPartition, Long>();
    for (var line : longestWaitFirst()) {
      long before = line.bytes();
      line.trim(share(), now).ifPresent(offset -> from.put(line.partition(), offset));
      excess -= before - line.bytes();
      if (excess <= 0) {
        break;
      }
    }
    return from;
  }

  private List<WaitingLine> longestWaitFirst() {
    return lines.values().stream()
        .sorted(
            Comparator.comparing((WaitingLine line) -> line.headOpens().orElse(Instant.MIN))
                .reversed())
        .toList();
  }

  /// When something is to be done next: a head leaves, or a line must be read on.
  Optional<Instant> nextWake() {
    Instant next = null;
    boolean roomy = bytes() < bufferBytes / 2;
    for (var line : lines.values()) {
      next = earlier(next, line.headOpens().orElse(null));
      if (!line.isOpen() && hasRoom(line, roomy)) {
        next = earlier(next, line.wantsMoreAt(lookAhead));
      }
    }
    return Optional.ofNullable(next);
  }

  private static @Nullable Instant earlier(@Nullable Instant a, @Nullable Instant b) {
    if (a == null || b == null) {
      return a == null ? b : a;
    }
    return a.isBefore(b) ? a : b;
  }

  /// How many records may leave now, counted up to `most`.
  int due(Instant now, int most) {
    int count = 0;
    for (var line : lines.values()) {
      count += line.due(now, most - count);
    }
    return count;
  }

  /// The next batch: from each line some of what is due, in turn. Nothing is removed yet.
  List<Portion> next(Instant now, int most) {
    var due = lines.values().stream().filter(line -> line.due(now, 1) > 0).toList();
    if (due.isEmpty()) {
      return List.of();
    }
    int equal = Math.max(most / due.size(), 1);
    int left = most;
    var portions = new ArrayList<Portion>(due.size());
    turn++;
    for (int i = 0; i < due.size() && left > 0; i++) {
      var line = due.get(Math.floorMod(turn + i, due.size()));
      int count = line.due(now, Math.min(equal, left));
      portions.add(new Portion(line, line.first(count)));
      left -= count;
    }
    return portions;
  }

  /// Partitions to resume and to pause.
  record Changes(List<TopicPartition> opened, List<TopicPartition> closed) {}

  /// The first records of a line, all due.
  record Portion(WaitingLine line, List<WaitingLine.Held> records) {}
}
