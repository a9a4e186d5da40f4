package dev.fanfare.dispatcher.alerting;

import dev.fanfare.dispatcher.feed.FeedRecords;
import dev.fanfare.dispatcher.feed.FeedTable;
import dev.fanfare.dispatcher.log.alert.AlertRule;
import dev.fanfare.dispatcher.log.alert.AlertState;
import dev.fanfare.dispatcher.log.alert.DefaultRules;
import dev.fanfare.schemas.avro.Alert;
import dev.fanfare.schemas.avro.AlertRules;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/// The rules by owner, and what they have said. One thread writes, any number read.
///
/// Alerts come in any order, since each has a key of its own: what is so now is what was said last.
final class AlertBook implements FeedTable {
  static final String FIRED = "fired";
  static final String PENDING = "pending";

  /// The operators' key; no tenant's name has such a character.
  static final String OPERATORS = "*";

  private static final Duration REMEMBERED = Duration.ofDays(30);
  private static final int MOST_ALERTS = 20_000;

  private final Map<String, OwnedRules> rules = new ConcurrentHashMap<>();
  private final Map<String, Alert> alerts = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<String, Alert> newestFirst = new ConcurrentSkipListMap<>();
  private final Map<Watched, List<Alert>> histories = new ConcurrentHashMap<>();
  private final Set<String> unread = ConcurrentHashMap.newKeySet();
  private final AtomicLong revision = new AtomicLong();

  /// @param version 0 for the defaults
  record OwnedRules(long version, List<AlertRule> rules) {
    OwnedRules {
      rules = List.copyOf(rules);
    }
  }

  static String key(Optional<String> owner) {
    return owner.orElse(OPERATORS);
  }

  FeedRecords<AlertRules> rules() {
    return new FeedRecords<>() {
      @Override
      public boolean isKey(String key) {
        return !key.isEmpty();
      }

      @Override
      public List<String> put(String key, AlertRules stored, Instant now) {
        revision.incrementAndGet();
        if (!key(Optional.ofNullable(stored.getTenant())).equals(key)) {
          return List.of("its tenant must be the record's key");
        }
        try {
          rules.put(key, new OwnedRules(stored.getVersion(), RuleRecords.read(stored)));
          unread.remove(key);
          return List.of();
        } catch (IllegalArgumentException e) {
          unread.add(key); // what was known of them goes on to hold
          return List.of(String.valueOf(e.getMessage()));
        }
      }

      @Override
      public void putUnread(String key) {
        unread.add(key);
      }

      @Override
      public void delete(String key, Instant now) {
        revision.incrementAndGet();
        rules.remove(key);
        unread.remove(key);
      }
    };
  }

  FeedRecords<Alert> alerts() {
    return new FeedRecords<>() {
      @Override
      public boolean isKey(String key) {
        return !key.isEmpty();
      }

      @Override
      public List<String> put(String key, Alert stored, Instant now) {
        revision.incrementAndGet();
        if (stored.getAt().isBefore(now.minus(REMEMBERED)) || isSaidAgain(key, stored)) {
          return List.of();
        }
        remember(key, stored);
        if (alerts.size() > MOST_ALERTS) {
          forgetOldest();
        }
        return List.of();
      }

      @Override
      public void putUnread(String key) {
        unread.add(key);
      }

      @Override
      public void delete(String key, Instant now) {
        revision.incrementAndGet();
        forget(key);
      }
    };
  }

  /// Workers that find the same say so under the same id, perhaps after somebody was told.
  private boolean isSaidAgain(String key, Alert alert) {
    var before = alerts.get(key);
    return before != null && before.getNotifications() != null && alert.getNotifications() == null;
  }

  /// At one stroke: what fires must not seem well while its record is replaced.
  private void remember(String key, Alert alert) {
    var before = alerts.put(key, alert);
    newestFirst.put(place(alert), alert);
    if (before != null && !place(before).equals(place(alert))) {
      newestFirst.remove(place(before));
    }
    histories.merge(
        Watched.of(alert),
        List.of(alert),
        (history, more) ->
            Stream.concat(history.stream().filter(it -> !it.getId().equals(key)), more.stream())
                .sorted(Comparator.comparing(Alert::getAt))
                .toList());
  }

  private void forget(String key) {
    var gone = alerts.remove(key);
    if (gone == null) {
      return;
    }
    newestFirst.remove(place(gone));
    histories.computeIfPresent(
        Watched.of(gone),
        (_, history) -> {
          var left = new ArrayList<>(history);
          left.remove(gone);
          return left.isEmpty() ? null : List.copyOf(left);
        });
  }

  /// What still fires is kept, however old.
  private void forgetOldest() {
    newestFirst.descendingMap().values().stream()
        .filter(it -> !isStillFiring(it))
        .findFirst()
        .ifPresent(it -> forget(it.getId()));
  }

  private boolean isStillFiring(Alert alert) {
    var history = histories.getOrDefault(Watched.of(alert), List.of());
    return alert.getState().equals(FIRED) && !history.isEmpty() && history.getLast().equals(alert);
  }

  /// By what alerts are listed: the newest first.
  static String place(Alert alert) {
    return "%019d%s".formatted(Long.MAX_VALUE - alert.getAt().toEpochMilli(), alert.getId());
  }

  /// An owner's rules; those of the operators who have said nothing are the defaults.
  OwnedRules rulesOf(Optional<String> owner) {
    var known = rules.get(key(owner));
    if (known != null) {
      return known;
    }
    return new OwnedRules(0, owner.isEmpty() ? DefaultRules.rules() : List.of());
  }

  /// Every owner's.
  List<AlertRule> allRules() {
    return Stream.concat(
            rulesOf(Optional.empty()).rules().stream(),
            rules.entrySet().stream()
                .filter(it -> !it.getKey().equals(OPERATORS))
                .flatMap(it -> it.getValue().rules().stream()))
        .toList();
  }

  Optional<Alert> alert(String id) {
    return Optional.ofNullable(alerts.get(id));
  }

  /// The newest first.
  Stream<Alert> newest() {
    return newestFirst.values().stream();
  }

  /// What is known of a rule's subject, but for since when it has been well.
  AlertState state(Watched watched) {
    var history = histories.getOrDefault(watched, List.of());
    var fired =
        history.stream().filter(it -> it.getState().equals(FIRED)).map(Alert::getAt).toList();
    boolean firing = !history.isEmpty() && history.getLast().getState().equals(FIRED);
    return new AlertState(
        firing ? Optional.of(history.getLast().getAt()) : Optional.empty(),
        fired,
        Optional.empty());
  }

  /// What was said last of a rule's subject.
  Optional<Alert> last(Watched watched) {
    var history = histories.getOrDefault(watched, List.of());
    return history.isEmpty() ? Optional.empty() : Optional.of(history.getLast());
  }

  /// Everything that fires now.
  List<Alert> firing() {
    return histories.values().stream()
        .map(List::getLast)
        .filter(it -> it.getState().equals(FIRED))
        .toList();
  }

  @Override
  public void tick(Instant now) {
    var oldest = now.minus(REMEMBERED);
    var last = newestFirst.lastEntry();
    while (last != null && last.getValue().getAt().isBefore(oldest)) {
      forget(last.getValue().getId());
      last = newestFirst.lastEntry();
    }
  }

  @Override
  public int size() {
    return rules.size() + alerts.size();
  }

  @Override
  public int unusable() {
    return unread.size();
  }

  @Override
  public long revision() {
    return revision.get();
  }
}
