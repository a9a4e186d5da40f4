package dev.fanfare.retry.relay;

import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.Rung;
import dev.fanfare.retry.relay.WaitingLines.Portion;
import dev.fanfare.retry.transfer.Settlement.Broken;
import dev.fanfare.retry.transfer.Settlement.Committed;
import dev.fanfare.retry.transfer.Settlement.Refused;
import dev.fanfare.retry.transfer.Transfer;
import dev.fanfare.retry.transfer.TransferProducer;
import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.WakeupException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One membership in the relay's group, with its consumer, its producer and what it holds. It ends
/// with the first thing that it can't repair; another session then starts from the committed
/// offsets.
///
/// One thread runs and closes it; [#stop] and [#state] may be called by any.
final class RelaySession implements ConsumerRebalanceListener {
  private static final Logger LOG = LoggerFactory.getLogger(RelaySession.class);
  private static final Duration ANSWER_WITHIN = Duration.ofSeconds(10);
  private static final Duration ESTIMATE_WITHIN = Duration.ofMillis(250);
  private static final Duration ESTIMATE_EVERY = Duration.ofSeconds(10);
  private static final Duration LEAVE_WITHIN = Duration.ofSeconds(3);

  private final RelaySettings settings;
  private final DelayLadder ladder;
  private final RelayMetrics metrics;
  private final InstantSource clock = InstantSource.system();
  private final Runnable joined;
  private final String deliveries;
  private final Map<String, Rung> rungOf = new LinkedHashMap<>();
  private final Map<Rung, String> topicOf = new HashMap<>();
  private final Consumer<byte[], byte[]> consumer;
  private final TransferProducer transfers;
  private final WaitingLines lines;
  private Instant nextTransfer = Instant.MIN;
  private Instant nextEstimate = Instant.MIN;
  private volatile boolean stopping;
  private volatile OptionalInt partitions = OptionalInt.empty();

  /// @param joined called by the running thread after each rebalance
  RelaySession(
      RelaySettings settings,
      RelayClients clients,
      Topics topics,
      DelayLadder ladder,
      RelayMetrics metrics,
      Runnable joined) {
    this.settings = settings;
    this.ladder = ladder;
    this.metrics = metrics;
    this.joined = joined;
    this.deliveries = topics.deliveries().name();
    for (var rung : ladder.rungs()) {
      var topic = topics.retry(rung.label(), rung.delay()).name();
      rungOf.put(topic, rung);
      topicOf.put(rung, topic);
    }
    this.lines = new WaitingLines(settings);
    this.transfers = clients.producer();
    this.consumer = consumerOr(clients, transfers);
  }

  private static Consumer<byte[], byte[]> consumerOr(
      RelayClients clients, TransferProducer transfers) {
    try {
      return clients.consumer();
    } catch (RuntimeException e) {
      transfers.close();
      throw e;
    }
  }

  /// Works until stopped.
  ///
  /// @return why it can't go on; empty when it was stopped
  Optional<Exception> run() {
    try {
      // First what a predecessor left open, so that the offsets read are settled ones.
      var unusable = transfers.prepare();
      if (unusable.isPresent()) {
        return stopping ? Optional.empty() : Optional.of(unusable.get().cause());
      }
      requireTopics();
      consumer.subscribe(rungOf.keySet(), this);
      while (!stopping) {
        var broken = step();
        if (broken.isPresent()) {
          return stopping ? Optional.empty() : broken;
        }
      }
      return Optional.empty();
    } catch (WakeupException e) {
      return stopping ? Optional.empty() : Optional.of(e);
    } catch (KafkaException e) {
      return Optional.of(e);
    }
  }

  private Optional<Exception> step() {
    var changes = lines.regulate(clock.instant());
    consumer.resume(changes.opened());
    consumer.pause(changes.closed());
    read(untilNext(clock.instant()));
    var now = clock.instant();
    lines.trim(now).forEach(consumer::seek);
    var broken = mayTransfer(now) ? transfer(now) : Optional.<Exception>empty();
    metrics.heads(lines.all());
    estimateWaiting(now);
    return broken;
  }

  /// Takes all that the consumer has fetched. What a flood on one rung left over from the last poll
  /// comes first, and would otherwise delay what another rung has for as many transactions.
  private void read(Duration patience) {
    var records = consumer.poll(patience);
    lines.add(records);
    while (records.count() >= settings.batchRecords() && lines.bytes() < settings.bufferBytes()) {
      records = consumer.poll(Duration.ZERO);
      lines.add(records);
    }
  }

  private Duration untilNext(Instant now) {
    if (lines.due(now, settings.batchRecords()) == settings.batchRecords()) {
      return Duration.ZERO;
    }
    var wake = lines.nextWake().map(next -> next.isBefore(nextTransfer) ? nextTransfer : next);
    var until = wake.map(next -> ceilingMillis(now, next)).orElse(settings.idlePoll());
    return until.compareTo(settings.idlePoll()) < 0 ? until : settings.idlePoll();
  }

  /// Poll counts whole milliseconds; rounded down it would wake early and spin.
  private static Duration ceilingMillis(Instant now, Instant next) {
    return next.isAfter(now)
        ? Duration.ofMillis(Duration.between(now, next).plusNanos(999_999).toMillis())
        : Duration.ZERO;
  }

  /// A transaction costs the same for one record as for a thousand, so those that fall due shortly
  /// after each other go together.
  private boolean mayTransfer(Instant now) {
    return !now.isBefore(nextTransfer)
        || lines.due(now, settings.batchRecords()) == settings.batchRecords();
  }

  private Optional<Exception> transfer(Instant now) {
    var portions = lines.next(now, settings.batchRecords());
    if (portions.isEmpty()) {
      return Optional.empty();
    }
    var settlement = transfers.commit(transferOf(portions, now));
    nextTransfer = clock.instant().plus(settings.transferInterval());
    return switch (settlement) {
      case Committed _ -> {
        forwarded(portions, now);
        yield Optional.empty();
      }
      case Refused(String why) -> {
        // Nothing was written and nothing is removed. What is no longer ours leaves the lines when
        // the next polls tell; before that the group accepts no transfer of ours.
        LOG.info("the group has moved on, the batch is tried again after the rebalance: {}", why);
        yield Optional.empty();
      }
      case Broken(Exception cause) -> Optional.of(cause);
    };
  }

  private Transfer transferOf(List<Portion> portions, Instant now) {
    var out = new ArrayList<ProducerRecord<byte[], byte[]>>();
    var offsets = new HashMap<TopicPartition, OffsetAndMetadata>();
    for (var portion : portions) {
      for (var one : portion.records()) {
        var record = one.record();
        var topic =
            switch (Hop.of(one.stay(), ladder, now)) {
              case Hop.Release _ -> deliveries;
              case Hop.Descend(Rung rung) -> topicOf(rung);
            };
        out.add(new ProducerRecord<>(topic, null, record.key(), record.value(), record.headers()));
      }
      var last = portion.records().getLast().record();
      offsets.put(
          portion.line().partition(),
          new OffsetAndMetadata(last.offset() + 1, last.leaderEpoch(), ""));
    }
    return new Transfer(out, offsets, consumer.groupMetadata());
  }

  private void forwarded(List<Portion> portions, Instant decided) {
    var now = clock.instant();
    for (var portion : portions) {
      var line = portion.line();
      line.remove(portion.records().size());
      for (var one : portion.records()) {
        switch (Hop.of(one.stay(), ladder, decided)) {
          case Hop.Release _ ->
              metrics.released(
                  line.rung(), Duration.between(one.stay().dueAt().orElse(one.opens()), now));
          case Hop.Descend _ -> metrics.descended(line.rung());
        }
      }
    }
  }

  private String topicOf(Rung rung) {
    var topic = topicOf.get(rung);
    if (topic == null) {
      throw new IllegalStateException("not on the ladder: " + rung.label());
    }
    return topic;
  }

  /// A subscription to a topic that does not exist waits in silence; this does not.
  private void requireTopics() {
    var needed = new ArrayList<>(rungOf.keySet());
    needed.add(deliveries);
    for (var topic : needed) {
      if (consumer.partitionsFor(topic, ANSWER_WITHIN).isEmpty()) {
        throw new UnknownTopicOrPartitionException("topic " + topic + " does not exist");
      }
    }
  }

  /// From the head, or what is read next, to the end; markers of transactions count along.
  private void estimateWaiting(Instant now) {
    if (now.isBefore(nextEstimate)) {
      return;
    }
    nextEstimate = now.plus(ESTIMATE_EVERY);
    try {
      var ours = lines.all().stream().map(WaitingLine::partition).toList();
      var ends = consumer.endOffsets(ours, ESTIMATE_WITHIN);
      var counts = new HashMap<Rung, Long>();
      for (var line : lines.all()) {
        long end = ends.getOrDefault(line.partition(), 0L);
        long from =
            line.headOffset().orElseGet(() -> consumer.position(line.partition(), ESTIMATE_WITHIN));
        counts.merge(line.rung(), Math.max(end - from, 0), Long::sum);
      }
      metrics.waiting(counts);
    } catch (TimeoutException e) {
      LOG.debug("the number waiting could not be estimated", e);
    }
  }

  @Override
  public void onPartitionsAssigned(Collection<TopicPartition> added) {
    for (var partition : added) {
      var rung = rungOf.get(partition.topic());
      if (rung != null) {
        lines.join(new WaitingLine(partition, rung));
      }
    }
    nextEstimate = Instant.MIN;
    partitions = OptionalInt.of(lines.all().size());
    joined.run();
    LOG.info("holds {} partitions, {} of them new", lines.all().size(), added.size());
  }

  /// Nothing is under way between polls, so there is nothing to settle, only to forget.
  @Override
  public void onPartitionsRevoked(Collection<TopicPartition> gone) {
    lines.leave(gone);
    partitions = OptionalInt.of(lines.all().size());
    if (!stopping) {
      metrics.heads(lines.all());
    }
  }

  @Override
  public void onPartitionsLost(Collection<TopicPartition> gone) {
    onPartitionsRevoked(gone);
  }

  /// How it is; empty before it has joined.
  Optional<RelayHealth> state() {
    var since = transfers.failingSince();
    if (since.isPresent()) {
      return Optional.of(new RelayHealth.Failed("transfers fail", since.get()));
    }
    var held = partitions;
    return held.isPresent()
        ? Optional.of(new RelayHealth.Running(held.getAsInt()))
        : Optional.empty();
  }

  /// Asks it to end; a transfer that works is finished first.
  void stop() {
    stopping = true;
    consumer.wakeup();
    if (!transfers.healthy() || partitions.isEmpty()) {
      transfers.close();
    }
  }

  /// Ends a transfer under way.
  void abandon() {
    transfers.close();
  }

  /// Leaves the group. Called by the thread that ran it.
  void close() {
    stopping = true;
    transfers.close();
    consumer.close(CloseOptions.timeout(LEAVE_WITHIN));
  }
}
