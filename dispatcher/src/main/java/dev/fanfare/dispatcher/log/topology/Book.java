package dev.fanfare.dispatcher.log.topology;

import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.entry.Indexes;
import dev.fanfare.dispatcher.log.entry.Interruption;
import dev.fanfare.dispatcher.log.entry.Keys;
import dev.fanfare.dispatcher.log.entry.LetterGroup;
import dev.fanfare.dispatcher.log.entry.Minute;
import dev.fanfare.dispatcher.log.entry.StateCodec;
import dev.fanfare.dispatcher.log.entry.Streak;
import dev.fanfare.dispatcher.log.entry.Sums;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/// One partition's stores, written as a whole: a state never without the keys under which it is
/// found, nor these without it. Used by one thread.
final class Book {
  /// Attempts of one delivery that are kept; a schedule has a dozen, and each may be made again by
  /// hand.
  private static final int MOST_ATTEMPTS = 100;

  private static final byte[] THERE = new byte[0];

  private final KeyValueStore<Bytes, byte[]> state;
  private final KeyValueStore<Bytes, byte[]> log;
  private final Counts counts;
  private final Set<String> interrupted = new HashSet<>();
  private final Set<String> failing = new HashSet<>();
  private Sums sums;

  Book(KeyValueStore<Bytes, byte[]> state, KeyValueStore<Bytes, byte[]> log) {
    this.state = state;
    this.log = log;
    this.counts = new Counts(state);
    this.sums =
        Optional.ofNullable(state.get(Bytes.wrap(Keys.sums()))).map(Sums::read).orElse(Sums.NONE);
    for (var key : keys(state, Keys.all(Keys.INTERRUPTION), Integer.MAX_VALUE)) {
      interrupted.add(Keys.subscription(key));
    }
    for (var key : keys(state, Keys.all(Keys.STREAK), Integer.MAX_VALUE)) {
      failing.add(Keys.subscription(key));
    }
  }

  Sums sums() {
    return sums;
  }

  Optional<DeliveryState> state(String deliveryId) {
    return Optional.ofNullable(state.get(Bytes.wrap(Keys.state(deliveryId)))).map(StateCodec::read);
  }

  /// Notes at which offset the topic of deliveries began.
  void begin(long offset) {
    if (!sums.begun()) {
      sums(sums.beginning(offset));
    }
  }

  private void sums(Sums next) {
    if (!next.equals(sums)) {
      sums = next;
      state.put(Bytes.wrap(Keys.sums()), next.toBytes());
    }
  }

  void write(Optional<DeliveryState> before, DeliveryState after) {
    var id = after.names().deliveryId();
    if (before.isPresent() && before.get().equals(after)) {
      return;
    }
    state.put(Bytes.wrap(Keys.state(id)), StateCodec.write(after));
    if (before.isEmpty() || names(before.get(), after)) {
      before.ifPresent(was -> Indexes.lasting(was).forEach(this::remove));
      put(Indexes.lasting(after));
    }
    boolean wasFailure = before.filter(it -> it.status().isFailure()).isPresent();
    if (!wasFailure) {
      put(Indexes.ofFailure(after));
    }
    if (after.place().isPresent()) {
      state.put(Bytes.wrap(Keys.open(after.position())), StateCodec.writeOpen(after));
    } else if (before.flatMap(DeliveryState::place).isPresent()) {
      var _ = state.delete(Bytes.wrap(Keys.open(after.position())));
    }
    sums(before.map(was -> sums.changed(was, after)).orElseGet(() -> sums.added(after)));
  }

  /// Whether what it is found by has changed: an opening that came late may say it differently.
  private static boolean names(DeliveryState before, DeliveryState after) {
    return !before.names().equals(after.names());
  }

  private void put(List<byte[]> keys) {
    if (!keys.isEmpty()) {
      log.putAll(keys.stream().map(key -> KeyValue.pair(Bytes.wrap(key), THERE)).toList());
    }
  }

  private void remove(byte[] key) {
    var _ = log.delete(Bytes.wrap(key));
  }

  void opening(String deliveryId, byte[] record) {
    log.put(Bytes.wrap(Keys.opening(deliveryId)), record);
  }

  /// False when the same attempt was there already.
  ///
  /// @param seen attempts of the delivery that are known: only up to there has one to be looked for
  boolean attempt(String deliveryId, int seen, int attempt, byte[] record) {
    var key = Bytes.wrap(Keys.attempt(deliveryId, attempt % MOST_ATTEMPTS));
    boolean isNew = attempt > seen || log.get(key) == null;
    log.put(key, record);
    return isNew;
  }

  void count(DeliveryState.Names names, long at, Minute more) {
    counts.add(names, at, more);
  }

  /// Counts failures in a row; nothing is read or written while all goes well.
  void streak(String subscription, boolean success, long at) {
    if (success && !failing.contains(subscription)) {
      return;
    }
    var key = Bytes.wrap(Keys.streak(subscription));
    var before = Optional.ofNullable(state.get(key)).map(Streak::read);
    var after = Streak.after(before, success, at);
    if (after.isPresent()) {
      failing.add(subscription);
      state.put(key, after.get().toBytes());
    } else {
      failing.remove(subscription);
      var _ = state.delete(key);
    }
  }

  /// Notes what an attempt has made of its endpoint's breaker; nothing is read or written while it
  /// is closed.
  void interruption(Interruption now) {
    interrupted.add(now.subscriptionId());
    state.put(Bytes.wrap(Keys.interruption(now.subscriptionId())), now.toBytes());
  }

  /// The breaker is closed.
  void flows(String subscription) {
    if (interrupted.remove(subscription)) {
      var _ = state.delete(Bytes.wrap(Keys.interruption(subscription)));
    }
  }

  void add(LetterGroup one) {
    var key = Bytes.wrap(one.key());
    var before = Optional.ofNullable(state.get(key)).map(LetterGroup::read);
    state.put(key, before.map(it -> it.plus(one)).orElse(one).toBytes());
  }

  /// Forgets a delivery and all that leads to it.
  void forget(DeliveryState gone) {
    var id = gone.names().deliveryId();
    Indexes.lasting(gone).forEach(this::remove);
    Indexes.ofFailure(gone).forEach(this::remove);
    remove(Keys.opening(id));
    keys(log, Keys.attempts(id), MOST_ATTEMPTS).forEach(this::remove);
    var _ = state.delete(Bytes.wrap(Keys.open(gone.position())));
    var _ = state.delete(Bytes.wrap(Keys.state(id)));
    sums(sums.forgotten(gone));
  }

  /// The first keys of an index.
  List<byte[]> keys(Keys.Range range, int most) {
    return keys(log, range, most);
  }

  /// The last keys of an index, the last first.
  List<byte[]> lastKeys(Keys.Range range, int most) {
    try (var all = log.reverseRange(Bytes.wrap(range.from()), Bytes.wrap(range.to()))) {
      return taken(all, most);
    }
  }

  /// What stands in the store of what changes.
  List<byte[]> stateKeys(Keys.Range range, int most) {
    return keys(state, range, most);
  }

  void removeState(byte[] key) {
    counts.forget();
    var _ = state.delete(Bytes.wrap(key));
  }

  Optional<byte[]> stateValue(byte[] key) {
    return Optional.ofNullable(state.get(Bytes.wrap(key)));
  }

  private static List<byte[]> keys(KeyValueStore<Bytes, byte[]> store, Keys.Range range, int most) {
    try (var all = store.range(Bytes.wrap(range.from()), Bytes.wrap(range.to()))) {
      return taken(all, most);
    }
  }

  private static List<byte[]> taken(KeyValueIterator<Bytes, byte[]> all, int most) {
    var keys = new ArrayList<byte[]>();
    while (all.hasNext() && keys.size() < most) {
      keys.add(all.next().key.get());
    }
    return keys;
  }
}
