package dev.fanfare.dispatcher.log.topology;

import dev.fanfare.dispatcher.log.entry.Hour;
import dev.fanfare.dispatcher.log.entry.Interruption;
import dev.fanfare.dispatcher.log.entry.Keys;
import dev.fanfare.dispatcher.log.entry.Keys.Index;
import dev.fanfare.dispatcher.log.entry.LetterGroup;
import dev.fanfare.dispatcher.log.entry.Minute;
import dev.fanfare.dispatcher.log.entry.Streak;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/// Keeps one partition within its bounds, a little at a time: what is too old goes, then the oldest
/// while there is too much, then what a tenant wants gone. A delivery that is still open stays,
/// however old.
final class Forgetting {
  static final Duration EVERY = Duration.ofSeconds(1);
  private static final int BATCH = 2_000;
  private static final long ALL_EVERY = 600;
  private static final int MOST_GROUPS = 100_000;
  private static final int MOST_STREAKS = 100_000;

  private final Book book;
  private final Keeping keeping;
  private final Purges purges;
  private final int partition;
  private final InstantSource clock;

  /// Where the oldest end was found: what lies beyond it has been deleted, and to walk over that
  /// again would take longer each time.
  private Optional<byte[]> end = Optional.empty();

  /// Whose minutes go when the purge under way is through.
  private final Set<String> scopes = new HashSet<>();

  private long steps;

  Forgetting(Book book, Keeping keeping, Purges purges, int partition, InstantSource clock) {
    this.book = book;
    this.keeping = keeping;
    this.purges = purges;
    this.partition = partition;
    this.clock = clock;
  }

  /// Returns how many deliveries it has forgotten.
  int step() {
    int gone = oldest() + purge();
    minutes();
    if (steps++ % ALL_EVERY == 0) {
      groups();
      streaks();
      end = Optional.empty(); // those that were open then may have ended
    }
    return gone;
  }

  private int oldest() {
    long bound = clock.millis() - keeping.retention().toMillis();
    var all = Keys.index(Index.ALL, "");
    int gone = 0;
    for (var key : book.lastKeys(new Keys.Range(all.from(), end.orElse(all.to())), BATCH)) {
      var at = Keys.position(key, Keys.headOf(""));
      if (at.at() >= bound && book.sums().bytes() <= keeping.partitionBytes()) {
        return gone;
      }
      end = Optional.of(key);
      var state = book.state(at.id());
      if (state.isPresent() && state.get().place().isEmpty()) {
        book.forget(state.get());
        gone++;
      }
    }
    return gone;
  }

  private int purge() {
    var tenant = purges.next(partition);
    if (tenant.isEmpty()) {
      return 0;
    }
    var keys = book.keys(Keys.index(Index.TENANT, tenant.get()), BATCH);
    int head = Keys.headOf(tenant.get());
    for (var key : keys) {
      book.state(Keys.position(key, head).id())
          .ifPresent(gone -> {
            scopes.add("s" + gone.names().subscriptionId());
            book.forget(gone);
          });
    }
    if (keys.size() < BATCH) {
      forgetGroups(group -> group.tenant().equals(tenant.get()));
      scopes.add("t" + tenant.get());
      scopes.forEach(this::forgetMinutes);
      scopes.clear();
      purges.done(tenant.get(), partition);
    }
    return keys.size();
  }

  private void forgetGroups(Predicate<LetterGroup> unwanted) {
    for (var key : book.stateKeys(Keys.all(Keys.GROUP), MOST_GROUPS)) {
      book.stateValue(key)
          .map(LetterGroup::read)
          .filter(unwanted)
          .ifPresent(_ -> book.removeState(key));
    }
  }

  private void forgetMinutes(String scope) {
    if (scope.startsWith("s")) {
      book.removeState(Keys.streak(scope.substring(1)));
      book.flows(scope.substring(1));
    }
    long now = Minute.of(clock.millis());
    long first = now - keeping.statistics().toMinutes();
    for (long at = first; at <= now; at++) {
      book.removeState(Keys.minute(scope, at));
    }
    for (long at = Hour.of(first); at <= Hour.of(now); at++) {
      book.removeState(Keys.hour(scope, at));
    }
  }

  private void minutes() {
    var old = Minute.of(clock.millis() - keeping.statistics().toMillis());
    book.stateKeys(Keys.minutesBefore(old), BATCH).forEach(book::removeState);
    book.stateKeys(Keys.hoursBefore(Hour.of(old)), BATCH).forEach(book::removeState);
  }

  /// Of endpoints that nothing has been sent to for long, perhaps because they are no more.
  private void streaks() {
    long oldest = clock.millis() - keeping.retention().toMillis();
    for (var key : book.stateKeys(Keys.all(Keys.STREAK), MOST_STREAKS)) {
      book.stateValue(key)
          .map(Streak::read)
          .filter(streak -> streak.until() < oldest)
          .ifPresent(_ -> book.removeState(key));
    }
    for (var key : book.stateKeys(Keys.all(Keys.INTERRUPTION), MOST_STREAKS)) {
      book.stateValue(key)
          .map(Interruption::read)
          .filter(it -> it.seenAt() < oldest)
          .ifPresent(it -> book.flows(it.subscriptionId()));
    }
  }

  private void groups() {
    long oldest = clock.millis() - keeping.retention().toMillis();
    forgetGroups(group -> group.lastAt() < oldest);
  }
}
