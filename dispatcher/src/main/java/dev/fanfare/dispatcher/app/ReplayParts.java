package dev.fanfare.dispatcher.app;

import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.control.ControlTopic;
import dev.fanfare.dispatcher.control.KnownReplays;
import dev.fanfare.dispatcher.control.KnownSubscriptions;
import dev.fanfare.dispatcher.control.OriginalDeliveries;
import dev.fanfare.dispatcher.control.RecordWriter;
import dev.fanfare.dispatcher.control.ReplayCount;
import dev.fanfare.dispatcher.control.Replays;
import dev.fanfare.dispatcher.fanout.Fanout;
import dev.fanfare.dispatcher.fanout.SubscriptionIndex;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionTable;
import dev.fanfare.retry.replay.Orders;
import dev.fanfare.retry.replay.ReplayJob;
import dev.fanfare.retry.replay.runner.ReplayBoard;
import dev.fanfare.retry.replay.runner.ReplayRunner;
import dev.fanfare.retry.replay.runner.SelectionCount;
import dev.fanfare.retry.replay.runner.Surroundings;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Puts replays together: the board that runner and API share, and what replays ask of the
/// subscriptions, of fan-out and of the log. For the thread that starts.
final class ReplayParts {
  private final FanfareConfig config;
  private final Topics topics;
  private final AvroSerdes serdes;
  private final EventCatalogue catalogue;
  private final SubscriptionTable subscriptions;
  private final Closer closer;
  private Surroundings.Statuses statuses = Surroundings.Statuses.NONE;
  private OriginalDeliveries originals = OriginalDeliveries.NONE;
  private @Nullable ReplayBoard board;

  ReplayParts(
      FanfareConfig config,
      Topics topics,
      AvroSerdes serdes,
      EventCatalogue catalogue,
      SubscriptionTable subscriptions,
      Closer closer) {
    this.config = config;
    this.topics = topics;
    this.serdes = serdes;
    this.catalogue = catalogue;
    this.subscriptions = subscriptions;
    this.closer = closer;
  }

  /// Takes the delivery log's answers from now on.
  void ask(LogRole log) {
    statuses = all -> ReplayLog.statuses(log, all);
    originals = id -> ReplayLog.original(log, id);
  }

  /// Started when it is first needed.
  private ReplayBoard board() {
    if (board == null) {
      board =
          closer.add(
              ReplayBoard.start(
                  config.kafka().commonProperties(), topics, serdes, config.instance()));
    }
    return board;
  }

  Optional<String> trouble() {
    return board().trouble();
  }

  ReplayRunner startRunner(MeterRegistry meters) {
    return closer.add(
        ReplayRunner.start(
            new ReplayRunner.Parts(
                config.kafka().commonProperties(),
                topics,
                serdes,
                board(),
                surroundings(),
                config.replay(),
                meters,
                InstantSource.system())));
  }

  Replays control(KnownSubscriptions known, RecordWriter writer) {
    var replays = new Known(board());
    var counting =
        new SelectionCount(
            config.kafka().commonProperties(), topics, serdes, surroundings(), config.replay());
    return new Replays(
        replays,
        new ControlTopic(topics.replays().name(), writer, replays),
        new Replays.Sources(known, catalogue, count(counting), originals),
        config.replay().rate(),
        InstantSource.system());
  }

  private Surroundings surroundings() {
    return new Surroundings(
        id -> subscriptions.find(id).filter(it -> it.status() != Status.DISABLED).isPresent(),
        statuses,
        this::backfill);
  }

  /// Fan-out as if the subscription were the only one.
  private Optional<Delivery> backfill(EmailEvent event, String id) {
    var index = new SubscriptionIndex();
    subscriptions.find(id).ifPresent(index::put);
    var settings = config.fanout();
    var fanout = new Fanout(index, catalogue, settings.maxPayloadBytes(), settings.lifetime());
    return fanout.single(event, Instant.EPOCH); // its times are made when it is released
  }

  private static ReplayCount count(SelectionCount counting) {
    return job ->
        switch (counting.of(job)) {
          case SelectionCount.Count.Counted(long count) -> new ReplayCount.Count.Counted(count);
          case SelectionCount.Count.Unavailable(var why) -> new ReplayCount.Count.Unavailable(why);
        };
  }

  /// What the board has read, as control asks for it.
  private record Known(ReplayBoard board) implements KnownReplays {
    @Override
    public Optional<ReplayJob> find(String id) {
      return board.find(id);
    }

    @Override
    public Collection<ReplayJob> all() {
      return board.all();
    }

    @Override
    public Orders orders(String id) {
      return board.orders(id);
    }

    @Override
    public boolean awaitApplied(int partition, long offset, Duration atMost) {
      try {
        return board.awaitPosition(partition, offset + 1, atMost);
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
  }
}
