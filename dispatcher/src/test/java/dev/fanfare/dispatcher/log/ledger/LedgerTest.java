package dev.fanfare.dispatcher.log.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.log.ledger.Cut.Reach;
import dev.fanfare.dispatcher.log.ledger.Ledger.Finding;
import dev.fanfare.dispatcher.log.ledger.Place.Kind;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LedgerTest {
  private static final long SEEN = 1_000;
  private static final long LATER = 2_000;

  private static Place at(Kind kind, String rung, long offset) {
    return new Place(kind, rung, 5_000, offset, SEEN);
  }

  private static Cut cut(long deliveriesTaken, long rungTaken, long rungStart) {
    return new Cut(
        LATER, new Reach(0, deliveriesTaken), Map.of("5s", new Reach(rungStart, rungTaken)), true);
  }

  @Test
  void whatWaitsUnreadIsAccountedForHoweverLong() {
    assertThat(Ledger.judge(at(Kind.DELIVERIES, "", 7), cut(7, 0, 0))).isEmpty();
    assertThat(Ledger.judge(at(Kind.RUNG, "5s", 7), cut(0, 7, 7))).isEmpty();
  }

  @Test
  void whatWasTakenWithoutAnythingComingOfItIsALoss() {
    assertThat(Ledger.judge(at(Kind.DELIVERIES, "", 7), cut(8, 0, 0)))
        .contains(Finding.TAKEN_NOT_SETTLED);
    assertThat(Ledger.judge(at(Kind.RUNG, "5s", 7), cut(0, 8, 0)))
        .contains(Finding.RELEASED_NOT_SEEN);
  }

  @Test
  void whatTheTopicForgotUnreadIsALoss() {
    assertThat(Ledger.judge(at(Kind.RUNG, "5s", 7), cut(0, 7, 8))).contains(Finding.DELETED_UNREAD);
  }

  @Test
  void whatIsOnlyAnnouncedIsALossOnceAllHasBeenRead() {
    assertThat(Ledger.judge(at(Kind.ANNOUNCED, "", -1), cut(0, 0, 0)))
        .contains(Finding.WAIT_NOT_WRITTEN);
    assertThat(Ledger.judge(at(Kind.DYING, "", -1), cut(0, 0, 0)))
        .contains(Finding.DEAD_LETTER_NOT_WRITTEN);
  }

  @Test
  void whatWasNeverOpenedIsALossUnlessTheLogBeganLater() {
    var place = at(Kind.UNOPENED, "", -1);

    assertThat(Ledger.judge(place, cut(0, 0, 0))).contains(Finding.NEVER_OPENED);
    var begunLater = new Cut(LATER, Reach.NOTHING, Map.of(), false);
    assertThat(Ledger.judge(place, begunLater)).isEmpty();
  }

  @Test
  void whatHasMovedSinceTheCutIsNotJudgedByIt() {
    var moved = new Place(Kind.DELIVERIES, "", 5_000, 7, LATER + 1);

    assertThat(Ledger.judge(moved, cut(8, 0, 0))).isEmpty();
  }

  @Test
  void placesFollowEachOtherInOneWaitAndFromWaitToWait() {
    var announced = at(Kind.ANNOUNCED, "", -1);
    var onRung = at(Kind.RUNG, "2m", 3);
    var onItAgain = at(Kind.RUNG, "2m", 9);
    var lower = at(Kind.RUNG, "5s", 1);
    var back = at(Kind.DELIVERIES, "", 4);
    var nextWait = new Place(Kind.ANNOUNCED, "", 6_000, -1, SEEN);

    assertThat(onRung.isAfter(announced)).isTrue();
    assertThat(announced.isAfter(onRung)).isFalse();
    assertThat(onItAgain.isAfter(onRung)).isTrue();
    assertThat(onRung.isAfter(onItAgain)).isFalse();
    assertThat(lower.isAfter(onItAgain)).isTrue();
    assertThat(back.isAfter(lower)).isTrue();
    assertThat(lower.isAfter(back)).isFalse();
    assertThat(nextWait.isAfter(back)).isTrue();
    assertThat(back.isAfter(nextWait)).isFalse();
    assertThat(at(Kind.DYING, "", -1).isAfter(nextWait)).isTrue();
    assertThat(nextWait.isAfter(at(Kind.UNOPENED, "", -1))).isTrue();
  }

  @Test
  void anAccountAddsUp() {
    var one = new Account(10, 4, 3, 1, 1);

    assertThat(one.waiting()).isEqualTo(2);
    assertThat(one.plus(new Account(1, 0, 0, 0, 2))).isEqualTo(new Account(11, 4, 3, 1, 3));
  }
}
