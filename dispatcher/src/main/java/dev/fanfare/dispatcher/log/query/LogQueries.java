package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.entry.Interruption;
import dev.fanfare.dispatcher.log.entry.LetterGroup;
import dev.fanfare.dispatcher.log.entry.Minute;
import dev.fanfare.dispatcher.log.entry.Position;
import dev.fanfare.dispatcher.log.entry.Selection;
import dev.fanfare.dispatcher.log.entry.StateCodec;
import dev.fanfare.dispatcher.log.entry.Streak;
import dev.fanfare.dispatcher.log.entry.Sums;
import dev.fanfare.dispatcher.log.entry.WireReader;
import dev.fanfare.dispatcher.log.ledger.Account;
import dev.fanfare.dispatcher.log.ledger.Ledger.Finding;
import dev.fanfare.dispatcher.log.topology.RecordCodec;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.Delivery;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What the log can be asked. Every answer says which partitions it lacks. Thread-safe.
public final class LogQueries {
  private final Everywhere everywhere;
  private final RecordCodec codec;

  LogQueries(Everywhere everywhere, RecordCodec codec) {
    this.everywhere = everywhere;
    this.codec = codec;
  }

  /// A delivery and its story.
  ///
  /// @param opening as it came onto the topic of deliveries; empty when the log began later
  public record Story(DeliveryState state, Optional<Delivery> opening, List<Attempt> attempts) {
    public Story {
      attempts = List.copyOf(attempts);
    }
  }

  /// @param story empty when no partition that could be asked has it
  public record Found(Optional<Story> story, Set<Integer> missing) {}

  /// @param missing partitions that could not be asked
  public record Listing<T>(List<T> items, Set<Integer> missing) {
    public Listing {
      items = List.copyOf(items);
    }
  }

  /// @param whole false when of very many only the worst are there
  /// @param missing partitions that could not be asked
  public record Measured<T>(Map<String, T> values, boolean whole, Set<Integer> missing) {
    public Measured {
      values = Map.copyOf(values);
    }
  }

  /// One step of statistics.
  ///
  /// @param at its start, milliseconds since the epoch
  public record Step(long at, Minute sum) {}

  /// @param waiting by rung; under an empty name those with a worker or on their way to one
  /// @param overdue those of them whose time has come
  /// @param due between when and when those that wait for a time are due, by rung
  /// @param balancedAt when the oldest of the partitions' balances was made, milliseconds since the
  ///   epoch; 0 when one has never been
  public record Sum(
      Account account,
      Map<String, Long> waiting,
      Map<String, Long> overdue,
      Map<String, Balance.Due> due,
      long balancedAt,
      Set<Integer> missing) {}

  /// An open delivery that is nowhere.
  public record Lost(DeliveryState state, Finding finding) {}

  public Found find(String deliveryId) {
    var answer = everywhere.ask(new Question.Find(deliveryId));
    for (var part : answer.parts()) {
      if (!part.rows().isEmpty()) {
        return new Found(Optional.of(story(part.rows())), answer.missing());
      }
    }
    return new Found(Optional.empty(), answer.missing());
  }

  private Story story(List<Row> rows) {
    var state = StateCodec.read(rows.getFirst().value());
    Optional<Delivery> opening = Optional.empty();
    var attempts = new ArrayList<Attempt>();
    for (var row : rows) {
      switch (row.kind()) {
        case Row.OPENING -> opening = Optional.of(codec.delivery(row.value()));
        case Row.ATTEMPT -> attempts.add(codec.attempt(row.value()));
        default -> {}
      }
    }
    attempts.sort(Comparator.comparingInt(Attempt::getAttempt));
    return new Story(state, opening, attempts);
  }

  public Page deliveries(Selection selection, Position below, int limit) {
    var answer = everywhere.ask(new Question.Deliveries(selection, below, limit));
    return Page.of(answer.parts(), DeliveryState::position, limit, answer.missing());
  }

  /// By the time of death; the cursor of one list is none of the other.
  public Page letters(Selection selection, Position below, int limit) {
    var answer = everywhere.ask(new Question.Letters(selection, below, limit));
    return Page.of(
        answer.parts(),
        it -> new Position(it.updatedAt(), it.names().deliveryId()),
        limit,
        answer.missing());
  }

  /// The largest first.
  public Listing<LetterGroup> groups(Selection selection) {
    var answer = everywhere.ask(new Question.Groups(selection));
    var groups = new TreeMap<String, LetterGroup>();
    for (var part : answer.parts()) {
      for (var row : part.rows()) {
        var group = LetterGroup.read(row.value());
        groups.merge(
            group.subscriptionId() + "|" + group.reason() + "|" + group.fingerprint(),
            group,
            LetterGroup::plus);
      }
    }
    return new Listing<>(
        groups.values().stream()
            .sorted(Comparator.comparingLong(LetterGroup::count).reversed())
            .toList(),
        answer.missing());
  }

  /// Steps in which something happened, the earliest first.
  ///
  /// @param scope as in the keys of the minutes
  /// @param step in minutes
  public Listing<Step> statistics(String scope, long fromMinute, long toMinute, int step) {
    var answer = everywhere.ask(new Question.Statistics(scope, fromMinute, toMinute, step));
    var sums = new TreeMap<Long, Minute>();
    for (var part : answer.parts()) {
      part.rows().forEach(row -> sums.merge(row.at(), Minute.read(row.value()), Minute::plus));
    }
    return new Listing<>(
        sums.entrySet().stream()
            .map(it -> new Step(Minute.startOf(it.getKey()), it.getValue()))
            .toList(),
        answer.missing());
  }

  public Sum sum() {
    var answer = everywhere.ask(new Question.Sum());
    var account = Account.EMPTY;
    var waiting = new TreeMap<String, Long>();
    var overdue = new TreeMap<String, Long>();
    var due = new TreeMap<String, Balance.Due>();
    long balanced = Long.MAX_VALUE;
    for (var part : answer.parts()) {
      long at = 0;
      for (var row : part.rows()) {
        if (row.kind() == Row.SUMS) {
          account = account.plus(Sums.read(row.value()).account());
        } else if (row.kind() == Row.BALANCE) {
          var balance = Balance.read(row.value());
          at = balance.at();
          account = account.plus(Account.EMPTY.withUnaccounted(balance.unaccounted()));
          balance.waiting().forEach((rung, count) -> waiting.merge(rung, count, Long::sum));
          balance.overdue().forEach((rung, count) -> overdue.merge(rung, count, Long::sum));
          balance.due().forEach((rung, when) -> due.merge(rung, when, Balance.Due::and));
        }
      }
      balanced = Math.min(balanced, at);
    }
    return new Sum(
        account,
        waiting,
        overdue,
        due,
        balanced == Long.MAX_VALUE ? 0 : balanced,
        answer.missing());
  }

  public Listing<Lost> unaccounted() {
    var answer = everywhere.ask(new Question.Unaccounted());
    var lost = new ArrayList<Lost>();
    for (var part : answer.parts()) {
      for (var row : part.rows()) {
        Finding.of((char) row.at())
            .ifPresent(finding -> lost.add(new Lost(StateCodec.read(row.value()), finding)));
      }
    }
    return new Listing<>(lost, answer.missing());
  }

  /// What went wrong in some minutes, by scope as in the keys of the minutes. A scope of which
  /// nothing did may be missing, and of very many those of which least did.
  ///
  /// @param toMinute exclusive
  public Measured<Failures> failures(long fromMinute, long toMinute) {
    var answer = everywhere.ask(new Question.Failures(fromMinute, toMinute));
    var all = new HashMap<String, Failures>();
    for (var part : answer.parts()) {
      for (var row : part.rows()) {
        var in = new WireReader(row.value());
        all.merge(in.text(), new Failures(in.number(), in.number(), in.number()), Failures::plus);
      }
    }
    return new Measured<>(all, isWhole(answer.parts()), answer.missing());
  }

  private static boolean isWhole(List<Part> parts) {
    return parts.stream().allMatch(part -> part.rows().size() < Shelf.MOST_FAILING);
  }

  /// How things stand now.
  ///
  /// @param streaks failures in a row, by subscription
  /// @param whole false when of very many only the worst are there
  /// @param oldest since when the oldest open delivery waits, by subscription, as of the last
  ///   balance
  public record Standing(
      Map<String, Streak> streaks,
      Map<String, Balance.Oldest> oldest,
      boolean whole,
      Set<Integer> missing) {}

  public Standing standing() {
    var answer = everywhere.ask(new Question.Standing());
    var streaks = new HashMap<String, Streak>();
    var oldest = new HashMap<String, Balance.Oldest>();
    for (var part : answer.parts()) {
      for (var row : part.rows()) {
        if (row.kind() == Row.STREAK) {
          var in = new WireReader(row.value());
          streaks.merge(in.text(), Streak.read(in.block()), Streak::longer);
        } else if (row.kind() == Row.OLDEST) {
          var one = Balance.Oldest.read(row.value());
          oldest.merge(one.subscription(), one, (a, b) -> a.since() <= b.since() ? a : b);
        }
      }
    }
    return new Standing(streaks, oldest, isWhole(answer.parts()), answer.missing());
  }

  /// Endpoints that are left alone, or tried with one attempt at a time.
  ///
  /// @param subscription only of this one; null for all
  public Listing<Interruption> interruptions(@Nullable String subscription) {
    var answer = everywhere.ask(new Question.Interruptions(Optional.ofNullable(subscription)));
    var all = new TreeMap<String, Interruption>();
    for (var part : answer.parts()) {
      for (var row : part.rows()) {
        var one = Interruption.read(row.value());
        all.merge(one.subscriptionId(), one, Interruption::later);
      }
    }
    return new Listing<>(List.copyOf(all.values()), answer.missing());
  }

  /// Asks every partition to forget a tenant, or only whether it has.
  ///
  /// @return the partitions that have not
  public Set<Integer> purge(String tenant, boolean start) {
    var answer = everywhere.ask(new Question.Purge(tenant, start));
    var left = new TreeSet<>(answer.missing());
    for (var part : answer.parts()) {
      if (part.rows().stream().noneMatch(row -> row.value()[0] == 1)) {
        left.add(part.partition());
      }
    }
    return left;
  }

  /// Answers a peer.
  ///
  /// @throws IllegalArgumentException if it asks for nothing that we know
  public byte[] answerPeer(byte[] asked) {
    return everywhere.answerPeer(asked);
  }
}
