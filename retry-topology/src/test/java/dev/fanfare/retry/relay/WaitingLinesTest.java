package dev.fanfare.retry.relay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.retry.ladder.DueAt;
import dev.fanfare.retry.ladder.Rung;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WaitingLinesTest {
  private static final Instant T = Instant.parse("2026-03-01T12:00:00Z");
  private static final long MIB = 1 << 20;
  private static final Rung RUNG = Rung.of("10s");

  @Test
  void aLineIsReadUntilItsHeadWaitsAndAgainShortlyBeforeItsLastRecordLeaves() {
    var lines = lines(MIB, 1);
    assertThat(lines.regulate(T).opened()).isEmpty(); // open from the start
    assertThat(lines.nextWake()).isEmpty();

    lines.add(List.of(record(0, 0, 0, 100), record(0, 1, 500, 100)));
    assertThat(lines.regulate(T).closed()).containsExactly(partition(0));
    assertThat(lines.nextWake()).contains(T.plusMillis(8_500)); // two seconds before the last one

    assertThat(lines.regulate(T.plusMillis(8_499)).opened()).isEmpty();
    assertThat(lines.regulate(T.plusMillis(8_500)).opened()).containsExactly(partition(0));
    assertThat(lines.nextWake()).contains(T.plusMillis(10_000)); // the head
  }

  @Test
  void whatIsDueLeavesInOrderAndWhatIsBehindAWaitingHeadStays() {
    var lines = lines(MIB, 1);
    // The second is due at once, but behind a head that is not.
    lines.add(List.of(record(0, 5, 0, 10), due(0, 6, 1), record(0, 7, 2, 10)));
    assertThat(lines.due(T.plusMillis(9_999), 10)).isZero();
    assertThat(lines.next(T.plusMillis(9_999), 10)).isEmpty();

    var portions = lines.next(T.plusMillis(10_000), 10);
    assertThat(offsets(portions)).containsExactly(5L, 6L);
    assertThat(lines.due(T.plusMillis(10_000), 1)).isOne(); // nothing is removed yet

    remove(portions);
    assertThat(offsets(lines.next(T.plusMillis(10_002), 10))).containsExactly(7L);
  }

  @Test
  void anEmptiedLineIsReadAgainAtOnce() {
    var lines = lines(MIB, 1);
    lines.add(List.of(record(0, 0, 0, 10)));
    assertThat(lines.regulate(T).closed()).hasSize(1);
    var later = T.plusSeconds(10);
    remove(lines.next(later, 10));
    assertThat(lines.regulate(later).opened()).containsExactly(partition(0));
    assertThat(lines.nextWake()).isEmpty();
  }

  @Test
  void linesAreServedInTurnWithEqualShares() {
    var lines = lines(MIB, 3);
    for (int p = 0; p < 3; p++) {
      for (int offset = 0; offset < (p == 0 ? 1_000 : 5); offset++) {
        lines.add(List.of(record(p, offset, 0, 10)));
      }
    }
    var later = T.plusSeconds(10);
    assertThat(lines.due(later, 30)).isEqualTo(30);
    var portions = lines.next(later, 30);
    assertThat(portions).hasSize(3);
    var counts = new HashMap<TopicPartition, Integer>();
    portions.forEach(p -> counts.put(p.line().partition(), p.records().size()));
    assertThat(counts).isEqualTo(Map.of(partition(0), 10, partition(1), 5, partition(2), 5));
  }

  @Test
  void moreLinesThanABatchHoldsTakeTurns() {
    var lines = lines(MIB, 5);
    for (int p = 0; p < 5; p++) {
      lines.add(List.of(record(p, 0, 0, 10), record(p, 1, 0, 10)));
    }
    var served = new ArrayList<TopicPartition>();
    for (int i = 0; i < 5; i++) {
      lines.next(T.plusSeconds(10), 1).forEach(p -> served.add(p.line().partition()));
    }
    assertThat(served)
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, 5).mapToObj(WaitingLinesTest::partition).toList());
  }

  @Test
  void tooMuchIsDroppedFromTheLongestWaitButNeverWhatIsDue() {
    var lines = lines(MIB, 2);
    for (int offset = 0; offset < 10; offset++) {
      lines.add(List.of(record(0, offset, 0, 100_000), record(1, offset, 60_000, 100_000)));
    }
    var now = T.plusSeconds(10); // line 0 is due
    var from = lines.trim(now);
    assertThat(from).containsOnlyKeys(partition(1));
    assertThat(lines.due(now, 100)).isEqualTo(10);
    // What is left of line 1 fits its share, and its first dropped record is where it is read on.
    assertThat(from).containsEntry(partition(1), 5L);
  }

  @Test
  void aRecordLargerThanItsShareIsDroppedAndReadAgainInTime() {
    var lines = lines(MIB, 4);
    lines.add(List.of(record(0, 7, 0, 2_000_000)));
    assertThat(lines.trim(T)).containsExactly(Map.entry(partition(0), 7L));
    assertThat(lines.regulate(T).closed()).contains(partition(0));
    assertThat(lines.nextWake()).contains(T.plusMillis(8_000));
    assertThat(lines.regulate(T.plusMillis(8_000)).opened()).containsExactly(partition(0));
    lines.add(List.of(record(0, 7, 0, 2_000_000)));
    assertThat(offsets(lines.next(T.plusSeconds(10), 10))).containsExactly(7L);
  }

  @Test
  void aLineThatLeftTakesItsRecordsAlong() {
    var lines = lines(MIB, 2);
    lines.add(List.of(record(0, 0, 0, 10), record(1, 0, 0, 10)));
    lines.leave(List.of(partition(0)));
    lines.add(List.of(record(0, 1, 0, 10)));
    assertThat(offsets(lines.next(T.plusSeconds(10), 10))).containsExactly(0L);
    lines.join(new WaitingLine(partition(0), RUNG));
    assertThat(lines.due(T.plusSeconds(10), 10)).isOne();
  }

  /// A consumer that obeys: fetches open lines from where it was told, in lumps of its own liking.
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void nothingIsLostDoubledReorderedOrEarlyAndMemoryStaysBounded(long seed) {
    var dice = new Random(seed);
    int partitions = 1 + dice.nextInt(6);
    var lines = lines(MIB, partitions);
    var logs = new ArrayList<List<ConsumerRecord<byte[], byte[]>>>();
    for (int p = 0; p < partitions; p++) {
      logs.add(log(p, dice));
    }
    var position = new long[partitions];
    var open = new boolean[partitions];
    Arrays.fill(open, true);
    var out = new HashMap<TopicPartition, List<Long>>();
    int total = logs.stream().mapToInt(List::size).sum();
    int done = 0;
    int read = 0;

    for (var now = T; done < total; now = now.plusMillis(1 + dice.nextInt(40))) {
      var changes = lines.regulate(now);
      changes.opened().forEach(p -> open[p.partition()] = true);
      changes.closed().forEach(p -> open[p.partition()] = false);
      for (int p = 0; p < partitions; p++) {
        for (int i = dice.nextInt(50); open[p] && i > 0; i--) {
          if (position[p] < logs.get(p).size()) {
            lines.add(List.of(logs.get(p).get((int) position[p]++)));
            read++;
          }
        }
      }
      lines.trim(now).forEach((p, offset) -> position[p.partition()] = offset);
      var held = lines.all().stream().mapToLong(WaitingLine::bytes).sum();
      var instant = now;
      var due = lines.next(now, 500);
      var dueBytes =
          due.stream().flatMap(p -> p.records().stream()).mapToLong(r -> r.bytes()).sum();
      assertThat(held - dueBytes).isLessThanOrEqualTo(MIB);
      for (var portion : due) {
        for (var one : portion.records()) {
          assertThat(one.opens()).isBeforeOrEqualTo(instant);
          out.computeIfAbsent(portion.line().partition(), _ -> new ArrayList<>())
              .add(one.record().offset());
          done++;
        }
      }
      remove(due);
    }

    out.forEach((p, offsets) ->
        assertThat(offsets)
            .containsExactlyElementsOf(
                LongStream.range(0, logs.get(p.partition()).size()).boxed().toList()));
    assertThat(read).as("read again after dropping").isLessThan(total * 4);
  }

  private static List<ConsumerRecord<byte[], byte[]>> log(int partition, Random dice) {
    var log = new ArrayList<ConsumerRecord<byte[], byte[]>>();
    long appended = 0;
    int gap = 1 + dice.nextInt(200);
    for (int offset = 0; offset < 800; offset++) {
      appended += dice.nextInt(gap);
      log.add(record(partition, offset, appended, 10 + dice.nextInt(6_000)));
    }
    return log;
  }

  private static WaitingLines lines(long bufferBytes, int partitions) {
    var defaults = RelaySettings.defaults("test");
    var lines =
        new WaitingLines(
            new RelaySettings(
                defaults.instance(),
                defaults.batchRecords(),
                bufferBytes,
                defaults.idlePoll(),
                Duration.ofSeconds(2),
                defaults.transferInterval(),
                defaults.closeTimeout()));
    for (int p = 0; p < partitions; p++) {
      lines.join(new WaitingLine(partition(p), RUNG));
    }
    return lines;
  }

  private static void remove(List<WaitingLines.Portion> portions) {
    portions.forEach(p -> p.line().remove(p.records().size()));
  }

  private static List<Long> offsets(List<WaitingLines.Portion> portions) {
    return portions.stream()
        .flatMap(p -> p.records().stream())
        .map(one -> one.record().offset())
        .toList();
  }

  private static TopicPartition partition(int number) {
    return new TopicPartition("rung", number);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      int partition, long offset, long appendedMillis, int size) {
    return record(partition, offset, appendedMillis, size, new RecordHeaders());
  }

  private static ConsumerRecord<byte[], byte[]> due(int partition, long offset, long dueMillis) {
    var headers = new RecordHeaders();
    headers.add(DueAt.HEADER, DueAt.encode(T.plusMillis(dueMillis)));
    return record(partition, offset, dueMillis, 10, headers);
  }

  private static ConsumerRecord<byte[], byte[]> record(
      int partition, long offset, long appendedMillis, int size, RecordHeaders headers) {
    return new ConsumerRecord<>(
        "rung",
        partition,
        offset,
        T.plusMillis(appendedMillis).toEpochMilli(),
        TimestampType.LOG_APPEND_TIME,
        0,
        size,
        new byte[0],
        new byte[0],
        headers,
        Optional.empty());
  }
}
