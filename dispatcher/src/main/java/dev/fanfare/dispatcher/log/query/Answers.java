package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.topology.Purges;
import dev.fanfare.dispatcher.log.topology.Tenures;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.apache.kafka.streams.errors.InvalidStateStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// What this process can answer by itself. Thread-safe.
final class Answers {
  private static final Logger LOG = LoggerFactory.getLogger(Answers.class);

  /// A page looks in vain for about this long at most, all partitions of this process together.
  private static final long LOOK_NANOS = 20_000_000;

  private static final long LEAST_NANOS = 1_000_000;
  private static final byte[] YES = {1};
  private static final byte[] NOT_YET = {0};

  private final Shelves shelves;
  private final Purges purges;
  private final Tenures tenures;
  private final LedgerWatch ledger;

  /// @param tenures what is kept up to date here
  Answers(Shelves shelves, Purges purges, Tenures tenures, LedgerWatch ledger) {
    this.shelves = shelves;
    this.purges = purges;
    this.tenures = tenures;
    this.ledger = ledger;
  }

  /// The parts of those partitions that are kept up to date here; current are those that have
  /// caught up, and are still kept here after the look.
  List<Part> live(Question question, Set<Integer> partitions) {
    var before = tenures.held();
    var parts = new ArrayList<Part>();
    for (var part : parts(question, kept(partitions, before), shelves::live)) {
      var tenure = before.get(part.partition());
      boolean current =
          tenure != null
              && ledger.hasCaughtUp(part.partition(), tenure)
              && tenures.of(part.partition()).equals(OptionalLong.of(tenure));
      parts.add(current ? part.asCurrent() : part);
    }
    return parts;
  }

  private static Set<Integer> kept(Set<Integer> partitions, Map<Integer, Long> held) {
    var kept = new TreeSet<>(partitions);
    kept.retainAll(held.keySet());
    return kept;
  }

  /// Those that are here as a copy, which is never current. What asks for a change is not for
  /// copies.
  List<Part> copies(Question question, Set<Integer> partitions) {
    return question instanceof Question.Purge
        ? List.of()
        : parts(question, partitions, shelves::copy);
  }

  private List<Part> parts(
      Question question, Set<Integer> partitions, IntFunction<Optional<Shelf>> open) {
    var parts = new ArrayList<Part>();
    var page = new Newest(limit(question));
    long nanos = Math.max(LOOK_NANOS / Math.max(partitions.size(), 1), LEAST_NANOS);
    for (int partition : partitions) {
      try {
        open.apply(partition)
            .ifPresent(shelf -> parts.add(of(question, partition, shelf, page, nanos)));
      } catch (InvalidStateStoreException e) {
        LOG.debug("partition {} has just left: {}", partition, e.toString());
      }
    }
    return parts;
  }

  private static int limit(Question question) {
    return switch (question) {
      case Question.Deliveries(_, _, int limit) -> limit;
      case Question.Letters(_, _, int limit) -> limit;
      default -> 0;
    };
  }

  /// @param page what all partitions of this process fill together
  private Part of(Question question, int partition, Shelf shelf, Newest page, long nanos) {
    return switch (question) {
      case Question.Find(var id) -> shelf.find(id);
      case Question.Deliveries(var selection, var below, _) ->
          shelf.deliveries(selection, below, page, nanos);
      case Question.Letters(var selection, var below, _) ->
          shelf.letters(selection, below, page, nanos);
      case Question.Groups(var selection) -> shelf.groups(selection);
      case Question.Statistics asked -> shelf.statistics(asked);
      case Question.Sum() -> sum(partition, shelf);
      case Question.Unaccounted() -> unaccounted(partition, shelf);
      case Question.Purge(var tenant, boolean start) -> purge(tenant, start, partition);
      case Question.Failures(long from, long to) -> shelf.failures(from, to);
      case Question.Standing() -> standing(partition, shelf);
      case Question.Interruptions(var subscription) -> shelf.interruptions(subscription);
    };
  }

  private Part sum(int partition, Shelf shelf) {
    var rows = new ArrayList<>(shelf.sums());
    ledger
        .balance(partition)
        .ifPresent(balance -> rows.add(new Row(Row.BALANCE, balance.toBytes())));
    return new Part(partition, rows, Optional.empty());
  }

  private Part unaccounted(int partition, Shelf shelf) {
    var rows = new ArrayList<Row>();
    ledger
        .balance(partition)
        .ifPresent(balance -> {
          for (var lost : balance.lost()) {
            shelf
                .stateOf(lost.deliveryId())
                .ifPresent(state -> rows.add(new Row(Row.FINDING, lost.finding().code(), state)));
          }
        });
    return new Part(partition, rows, Optional.empty());
  }

  private Part standing(int partition, Shelf shelf) {
    var rows = new ArrayList<>(shelf.streaks());
    ledger
        .balance(partition)
        .ifPresent(balance ->
            balance
                .oldest()
                .forEach(
                    oldest -> rows.add(new Row(Row.OLDEST, oldest.since(), oldest.toBytes()))));
    return new Part(partition, rows, Optional.empty());
  }

  private Part purge(String tenant, boolean start, int partition) {
    if (start) {
      purges.ask(tenant, partition);
    }
    return new Part(
        partition,
        List.of(new Row(Row.DONE, purges.isDone(tenant, partition) ? YES : NOT_YET)),
        Optional.empty());
  }
}
