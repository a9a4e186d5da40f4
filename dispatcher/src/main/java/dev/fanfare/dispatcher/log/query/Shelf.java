package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.entry.Hour;
import dev.fanfare.dispatcher.log.entry.Keys;
import dev.fanfare.dispatcher.log.entry.LetterGroup;
import dev.fanfare.dispatcher.log.entry.Minute;
import dev.fanfare.dispatcher.log.entry.Position;
import dev.fanfare.dispatcher.log.entry.Selection;
import dev.fanfare.dispatcher.log.entry.Selection.Lookup;
import dev.fanfare.dispatcher.log.entry.StateCodec;
import dev.fanfare.dispatcher.log.entry.Streak;
import dev.fanfare.dispatcher.log.entry.WireWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.function.Function;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;

/// One partition's stores, to be read. It never reads without a bound: a page that matches too
/// little stops when it has looked in vain for a number of deliveries and a time, and says where.
/// Any thread may read while the topology writes.
final class Shelf {
  /// However short the time, a page looks at so many in vain.
  private static final int LEAST_LOOKS = 50;

  private static final int MOST_GROUPS = 10_000;
  static final int MOST_FAILING = 5_000;

  private final int partition;
  private final ReadOnlyKeyValueStore<Bytes, byte[]> state;
  private final ReadOnlyKeyValueStore<Bytes, byte[]> log;

  Shelf(
      int partition,
      ReadOnlyKeyValueStore<Bytes, byte[]> state,
      ReadOnlyKeyValueStore<Bytes, byte[]> log) {
    this.partition = partition;
    this.state = state;
    this.log = log;
  }

  Part find(String deliveryId) {
    var rows = new ArrayList<Row>();
    var found = state.get(Bytes.wrap(Keys.state(deliveryId)));
    if (found != null) {
      rows.add(new Row(Row.STATE, found));
      var opening = log.get(Bytes.wrap(Keys.opening(deliveryId)));
      if (opening != null) {
        rows.add(new Row(Row.OPENING, opening));
      }
      var attempts = Keys.attempts(deliveryId);
      try (var all = log.range(Bytes.wrap(attempts.from()), Bytes.wrap(attempts.to()))) {
        all.forEachRemaining(each -> rows.add(new Row(Row.ATTEMPT, each.value)));
      }
    }
    return new Part(partition, rows, Optional.empty());
  }

  /// @param nanos that it may take
  Part deliveries(Selection selection, Position below, Newest newest, long nanos) {
    var from = later(below, selection.start());
    return switch (selection.lookup()) {
      case Lookup.ByIndex(var index, var value) ->
          new Look(from, newest, nanos, selection::matches, DeliveryState::position)
              .through(
                  log,
                  Keys.index(index, value, from, selection.since()),
                  Keys.headOf(value),
                  _ -> true);
      case Lookup.ByOpen() ->
          new Look(from, newest, nanos, selection::matches, DeliveryState::position)
              .through(
                  state,
                  Keys.open(from, selection.since()),
                  Keys.OPEN_HEAD,
                  value -> selection.mayMatch(StateCodec.readOpen(value)));
    };
  }

  /// @param nanos that it may take
  Part letters(Selection selection, Position below, Newest newest, long nanos) {
    var from = later(below, selection.start());
    var value = selection.letters();
    Predicate<DeliveryState> wanted =
        state -> state.status().isFailure() && selection.matchesInAllButTime(state);
    return new Look(
            from,
            newest,
            nanos,
            wanted,
            state -> new Position(state.updatedAt(), state.names().deliveryId()))
        .through(
            log,
            Keys.index(Keys.Index.LETTER, value, from, selection.since()),
            Keys.headOf(value),
            _ -> true);
  }

  private static Position later(Position one, Position other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  Part groups(Selection selection) {
    var rows = new ArrayList<Row>();
    var range = Keys.all(Keys.GROUP);
    try (var all = state.range(Bytes.wrap(range.from()), Bytes.wrap(range.to()))) {
      while (all.hasNext() && rows.size() < MOST_GROUPS) {
        var value = all.next().value;
        if (selects(selection, LetterGroup.read(value))) {
          rows.add(new Row(Row.GROUP, value));
        }
      }
    }
    return new Part(partition, rows, Optional.empty());
  }

  private static boolean selects(Selection selection, LetterGroup group) {
    return selection.subscription().filter(it -> !it.equals(group.subscriptionId())).isEmpty()
        && selection.tenant().filter(it -> !it.equals(group.tenant())).isEmpty()
        && selection.reason().filter(it -> !it.equals(group.reason())).isEmpty()
        && group.lastAt() >= selection.since()
        && group.firstAt() < selection.until();
  }

  Part statistics(Question.Statistics asked) {
    var rows = new ArrayList<Row>();
    for (long at = asked.from(); at < asked.to(); at += asked.step()) {
      var sum = sum(asked.scope(), at, Math.min(at + asked.step(), asked.to()));
      if (!sum.equals(Minute.EMPTY)) {
        rows.add(new Row(Row.MINUTE, at, sum.toBytes()));
      }
    }
    return new Part(partition, rows, Optional.empty());
  }

  /// By the hour where whole ones lie between.
  private Minute sum(String scope, long from, long to) {
    var sum = Minute.EMPTY;
    long minute = from;
    while (minute < to) {
      if (Hour.startsAt(minute) && minute + Hour.MINUTES <= to) {
        sum = sum.plus(hour(scope, Hour.of(minute)));
        minute += Hour.MINUTES;
      } else {
        sum = sum.plus(minute(scope, minute));
        minute++;
      }
    }
    return sum;
  }

  private Minute hour(String scope, long hour) {
    var value = state.get(Bytes.wrap(Keys.hour(scope, hour)));
    if (value == null) {
      return Minute.EMPTY;
    }
    var read = Hour.read(value);
    return read.before().plus(minute(scope, read.latest()));
  }

  private Minute minute(String scope, long minute) {
    var value = state.get(Bytes.wrap(Keys.minute(scope, minute)));
    return value == null ? Minute.EMPTY : Minute.read(value);
  }

  /// Scopes of which something failed in these minutes, those first of which most did.
  Part failures(long from, long to) {
    var sums = new HashMap<String, Failures>();
    var range = Keys.minutes(from, to);
    try (var all = state.range(Bytes.wrap(range.from()), Bytes.wrap(range.to()))) {
      while (all.hasNext()) {
        var entry = all.next();
        var key = entry.key.get();
        if (Arrays.compareUnsigned(key, range.to()) < 0) {
          sums.merge(
              Keys.scope(key),
              Failures.of(Minute.read(entry.value)),
              (one, more) -> one.plus(more));
        }
      }
    }
    var rows = new ArrayList<Row>();
    sums.entrySet().stream()
        .filter(it -> !it.getValue().isNothing())
        .sorted(Map.Entry.comparingByValue(Failures.MOST_FIRST))
        .limit(MOST_FAILING)
        .forEach(it -> rows.add(new Row(Row.ACTIVITY, it.getValue().toBytes(it.getKey()))));
    return new Part(partition, rows, Optional.empty());
  }

  /// The longest, at most so many.
  List<Row> streaks() {
    var longest =
        new PriorityQueue<Map.Entry<String, Streak>>(
            Comparator.comparingLong(it -> it.getValue().count()));
    var range = Keys.all(Keys.STREAK);
    try (var all = state.range(Bytes.wrap(range.from()), Bytes.wrap(range.to()))) {
      while (all.hasNext()) {
        var entry = all.next();
        if (entry.key.get()[0] == Keys.STREAK) {
          longest.add(Map.entry(Keys.subscription(entry.key.get()), Streak.read(entry.value)));
          if (longest.size() > MOST_FAILING) {
            longest.remove();
          }
        }
      }
    }
    return longest.stream()
        .map(it ->
            new Row(
                Row.STREAK,
                it.getValue().count(),
                new WireWriter().text(it.getKey()).block(it.getValue().toBytes()).toBytes()))
        .toList();
  }

  Part interruptions(Optional<String> subscription) {
    var rows = new ArrayList<Row>();
    if (subscription.isPresent()) {
      var one = state.get(Bytes.wrap(Keys.interruption(subscription.get())));
      if (one != null) {
        rows.add(new Row(Row.INTERRUPTION, one));
      }
      return new Part(partition, rows, Optional.empty());
    }
    var range = Keys.all(Keys.INTERRUPTION);
    try (var all = state.range(Bytes.wrap(range.from()), Bytes.wrap(range.to()))) {
      while (all.hasNext() && rows.size() < MOST_FAILING) {
        rows.add(new Row(Row.INTERRUPTION, all.next().value));
      }
    }
    return new Part(partition, rows, Optional.empty());
  }

  List<Row> sums() {
    var value = state.get(Bytes.wrap(Keys.sums()));
    return value == null ? List.of() : List.of(new Row(Row.SUMS, value));
  }

  Optional<byte[]> stateOf(String deliveryId) {
    return Optional.ofNullable(state.get(Bytes.wrap(Keys.state(deliveryId))));
  }

  ReadOnlyKeyValueStore<Bytes, byte[]> state() {
    return state;
  }

  /// One walk down an index.
  private final class Look {
    private final Position below;
    private final Newest newest;
    private final long nanos;
    private final Predicate<DeliveryState> wanted;
    private final Function<DeliveryState, Position> order;
    private final long began = System.nanoTime();

    Look(
        Position below,
        Newest newest,
        long nanos,
        Predicate<DeliveryState> wanted,
        Function<DeliveryState, Position> order) {
      this.below = below;
      this.newest = newest;
      this.nanos = nanos;
      this.wanted = wanted;
      this.order = order;
    }

    /// @param head how many bytes of a key stand before its time
    /// @param mayMatch as far as the entry's own value says
    Part through(
        ReadOnlyKeyValueStore<Bytes, byte[]> store,
        Keys.Range range,
        int head,
        Predicate<byte[]> mayMatch) {
      var rows = new ArrayList<Row>();
      int inVain = 0;
      try (var all = store.range(Bytes.wrap(range.from()), Bytes.wrap(range.to()))) {
        while (all.hasNext()) {
          var entry = all.next();
          var key = entry.key.get();
          if (Arrays.compareUnsigned(key, range.to()) >= 0) {
            break;
          }
          var at = Keys.position(key, head);
          if (at.compareTo(below) <= 0) {
            continue;
          }
          var enough = newest.bound().filter(bound -> at.compareTo(bound) > 0);
          if (enough.isPresent()) {
            return new Part(partition, rows, enough);
          }
          if (mayMatch.test(entry.value)) {
            var found = state.get(Bytes.wrap(Keys.state(at.id())));
            if (found != null && isWanted(found, at)) {
              rows.add(new Row(Row.STATE, found));
              newest.add(at);
              continue; // what is found is bounded by the page
            }
          }
          if (tooLong(++inVain)) {
            return new Part(partition, rows, Optional.of(at));
          }
        }
      }
      return new Part(partition, rows, Optional.empty());
    }

    private boolean isWanted(byte[] found, Position at) {
      var read = StateCodec.read(found);
      return wanted.test(read) && order.apply(read).equals(at);
    }

    private boolean tooLong(int inVain) {
      return inVain % LEAST_LOOKS == 0 && System.nanoTime() - began > nanos;
    }
  }
}
