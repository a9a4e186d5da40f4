package dev.fanfare.dispatcher.log.query;

import dev.fanfare.dispatcher.log.entry.Keys;
import dev.fanfare.dispatcher.log.entry.StateCodec;
import dev.fanfare.dispatcher.log.entry.Sums;
import dev.fanfare.dispatcher.log.ledger.Cut;
import dev.fanfare.dispatcher.log.ledger.Ledger;
import dev.fanfare.dispatcher.log.ledger.Place;
import dev.fanfare.dispatcher.log.query.Balance.Due;
import dev.fanfare.dispatcher.log.query.Balance.Lost;
import dev.fanfare.dispatcher.log.query.Balance.Oldest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;

/// One look through a partition's open deliveries with a [Cut].
final class Balancing {
  private static final int MOST_LOST = 1_000;
  private static final long OVERDUE_MILLIS = 60_000;
  private static final int MOST_OLDEST = 1_000;
  private static final String WITH_A_WORKER = "";

  private final Map<String, Long> waiting = new HashMap<>();
  private final Map<String, Long> overdue = new HashMap<>();
  private final Map<String, Due> due = new HashMap<>();
  private final ArrayList<Lost> lost = new ArrayList<>();
  private final Map<String, Oldest> oldest = new HashMap<>();
  private final Cut cut;
  private long unaccounted;

  private Balancing(Cut cut) {
    this.cut = cut;
  }

  static Sums sums(Shelf shelf) {
    var rows = shelf.sums();
    return rows.isEmpty() ? Sums.NONE : Sums.read(rows.getFirst().value());
  }

  static Balance of(Shelf shelf, Cut cut) {
    var balancing = new Balancing(cut);
    var range = Keys.all(Keys.OPEN);
    try (var all = shelf.state().range(Bytes.wrap(range.from()), Bytes.wrap(range.to()))) {
      while (all.hasNext()) {
        var entry = all.next();
        if (entry.key.get()[0] == Keys.OPEN) {
          balancing.look(entry.key.get(), StateCodec.readOpen(entry.value));
        }
      }
    }
    return new Balance(
        cut.at(),
        balancing.waiting,
        balancing.overdue,
        balancing.due,
        balancing.unaccounted,
        balancing.lost,
        balancing.oldest.values().stream()
            .sorted(Comparator.comparingLong(Oldest::since))
            .limit(MOST_OLDEST)
            .toList());
  }

  private void look(byte[] key, StateCodec.Open open) {
    var place = open.place();
    var at = Keys.position(key, Keys.OPEN_HEAD).at();
    oldest.merge(
        open.subscriptionId(),
        new Oldest(open.subscriptionId(), open.tenant(), at),
        (one, other) -> one.since() <= other.since() ? one : other);
    var finding = Ledger.judge(place, cut);
    if (finding.isPresent()) {
      unaccounted++;
      if (lost.size() < MOST_LOST) {
        lost.add(new Lost(Keys.position(key, Keys.OPEN_HEAD).id(), finding.get()));
      }
      return;
    }
    var where = place.kind() == Place.Kind.RUNG ? place.rung() : WITH_A_WORKER;
    waiting.merge(where, 1L, Long::sum);
    if (place.dueAt() > 0 && place.kind() == Place.Kind.RUNG) {
      due.merge(where, Due.at(place.dueAt()), Due::and);
    }
    if (place.dueAt() > 0 && place.dueAt() + OVERDUE_MILLIS < cut.at()) {
      overdue.merge(where, 1L, Long::sum);
    }
  }
}
