package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.retry.ladder.DueAt;
import dev.fanfare.retry.ladder.Rung;
import dev.fanfare.retry.relay.Hop;
import dev.fanfare.retry.relay.RungGate;
import dev.fanfare.retry.relay.Stay;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/// The relay of a simulation: heads that [RungGate] lets go move where [Hop] sends them, a batch in
/// each transaction. It dies and comes back; what it holds in memory is nothing.
final class SimulatedRelay {
  private static final int BATCH = 500;

  private final SimulatedTime time;
  private final SimulatedKafka kafka;
  private final Map<TopicPartition, Rung> rungs = new LinkedHashMap<>();
  private boolean up = true;
  private boolean underWay;
  private int life;
  private long wakeAtMs = Long.MAX_VALUE;

  SimulatedRelay(SimulatedTime time, SimulatedKafka kafka) {
    this.time = time;
    this.kafka = kafka;
    for (var rung : kafka.ladder.rungs()) {
      for (int i = 0; i < kafka.partitions; i++) {
        rungs.put(new TopicPartition(topic(rung), i), rung);
      }
    }
  }

  private String topic(Rung rung) {
    return kafka.topics.retry(rung.label(), rung.delay()).name();
  }

  boolean reads(TopicPartition partition) {
    return rungs.containsKey(partition);
  }

  /// Dies, and comes back after a while.
  void crash(long awayMs) {
    up = false;
    underWay = false;
    life++; // a transaction that is open is aborted
    int mine = life;
    time.after(
        awayMs,
        () -> {
          up = mine == life || up;
          look();
        });
  }

  void look() {
    if (!up || underWay) {
      return;
    }
    var now = time.instant();
    var next = new HashMap<TopicPartition, Long>();
    var out = new ArrayList<ProducerRecord<byte[], byte[]>>();
    long wake = Long.MAX_VALUE;
    for (var it : rungs.entrySet()) {
      wake = Math.min(wake, gather(it.getKey(), it.getValue(), now, next, out));
    }
    if (!out.isEmpty()) {
      underWay = true;
      int mine = life;
      time.after(
          time.between(5, 20),
          () -> {
            if (mine == life) {
              underWay = false;
              kafka.move(next, out);
              look();
            }
          });
    } else if (wake < wakeAtMs || wakeAtMs <= time.nowMs()) {
      wakeAtMs = wake;
      if (wake < Long.MAX_VALUE) {
        time.after(wake - time.nowMs(), this::look);
      }
    }
  }

  /// Takes what may leave one partition; returns when the next may.
  private long gather(
      TopicPartition partition,
      Rung rung,
      Instant now,
      Map<TopicPartition, Long> next,
      List<ProducerRecord<byte[], byte[]>> out) {
    var log = kafka.log(partition);
    for (int at = (int) kafka.committed(partition).offset(); at < log.size(); at++) {
      var entry = log.get(at);
      var record = entry.record();
      if (record != null) {
        var stay =
            new Stay(
                Instant.ofEpochMilli(entry.atMs()),
                DueAt.decode(record.headers().lastHeader(DueAt.HEADER).value()));
        if (RungGate.at(stay, rung.delay(), now) instanceof RungGate.WaitUntil(Instant until)) {
          return until.toEpochMilli();
        }
        if (out.size() >= BATCH) {
          return time.nowMs();
        }
        var topic =
            switch (Hop.of(stay, kafka.ladder, now)) {
              case Hop.Release _ -> kafka.topics.deliveries().name();
              case Hop.Descend(Rung lower) -> topic(lower);
            };
        out.add(new ProducerRecord<>(topic, null, record.key(), record.value(), record.headers()));
      }
      next.put(partition, at + 1L);
    }
    return Long.MAX_VALUE;
  }
}
