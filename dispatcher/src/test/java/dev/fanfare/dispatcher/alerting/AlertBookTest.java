package dev.fanfare.dispatcher.alerting;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.log.alert.Subject;
import dev.fanfare.schemas.avro.Alert;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AlertBookTest {
  private static final Instant NOW = Instant.parse("2026-11-24T10:00:00Z");
  private static final Watched DOWN =
      new Watched(Optional.empty(), "down", new Subject(Optional.of("acme"), Optional.of("sub_1")));

  private final AlertBook book = new AlertBook();

  private static Alert alert(String id, String state, Instant at) {
    return Alert.newBuilder()
        .setId(id)
        .setRule("down")
        .setTenant("acme")
        .setSubscriptionId("sub_1")
        .setState(state)
        .setSummary("it is so")
        .setAt(at)
        .build();
  }

  private void put(Alert alert) {
    assertThat(book.alerts().put(alert.getId(), alert, NOW)).isEmpty();
  }

  @Test
  void whatWasSaidLastHoldsInWhateverOrderItIsRead() {
    var all = new ArrayList<Alert>();
    for (int i = 0; i < 10; i++) {
      all.add(alert("a" + i, i % 2 == 0 ? "fired" : "resolved", NOW.minusSeconds(100 - i)));
    }
    for (int seed = 0; seed < 50; seed++) {
      Collections.shuffle(all, new Random(seed));
      var read = new AlertBook();
      all.forEach(it -> read.alerts().put(it.getId(), it, NOW));

      assertThat(read.state(DOWN).isFiring()).isFalse();
      assertThat(read.state(DOWN).fired()).hasSize(5);
      assertThat(read.newest().map(Alert::getId))
          .containsExactly("a9", "a8", "a7", "a6", "a5", "a4", "a3", "a2", "a1", "a0");
    }
  }

  @Test
  void aRecordTakesItsOwnPlaceAgain() {
    put(alert("a", "fired", NOW));
    put(Alert.newBuilder(alert("a", "fired", NOW)).setNotifications(List.of()).build());

    assertThat(book.newest()).hasSize(1);
    assertThat(book.state(DOWN).fired()).hasSize(1);
    assertThat(book.firing())
        .singleElement()
        .satisfies(it -> assertThat(it.getNotifications()).isEmpty());
  }

  @Test
  void whatAWorkerSaysAgainIsNotToldAgain() {
    put(alert("found", "fired", NOW));
    put(Alert.newBuilder(alert("found", "fired", NOW)).setNotifications(List.of()).build());
    put(alert("over", "resolved", NOW.plusSeconds(1)));

    put(alert("found", "fired", NOW.plusSeconds(2)));

    assertThat(book.alert("found"))
        .get()
        .satisfies(it -> assertThat(it.getNotifications()).isNotNull());
    assertThat(book.firing()).isEmpty();
  }

  @Test
  void whatIsOldIsForgottenButTheMemoryOfThisProcessKeepsWhatFires() {
    put(alert("old", "fired", NOW.minus(Duration.ofDays(31))));
    assertThat(book.newest()).isEmpty();

    put(alert("a", "fired", NOW.minus(Duration.ofDays(29))));
    book.tick(NOW.plus(Duration.ofDays(2)));
    assertThat(book.firing()).isEmpty();
  }

  @Test
  void itsMemoryIsBoundedAndWhatFiresStays() {
    put(alert("firing", "fired", NOW.minus(Duration.ofDays(20))));
    for (int i = 0; i < 20_050; i++) {
      var one =
          Alert.newBuilder(alert("b" + i, "resolved", NOW.minusSeconds(30_000 - i)))
              .setSubscriptionId("sub_2" + i % 100)
              .build();
      put(one);
    }

    assertThat(book.newest()).hasSize(20_000);
    assertThat(book.state(DOWN).isFiring()).isTrue();
    assertThat(book.alert("b0")).isEmpty();
  }

  @Test
  void rulesThatCannotBeReadLeaveTheOldOnesInForce() {
    var rules = book.rulesOf(Optional.empty()).rules();
    var stored = RuleRecords.write(Optional.empty(), 1, rules, NOW);
    assertThat(book.rules().put("*", stored, NOW)).isEmpty();
    assertThat(book.rulesOf(Optional.empty()).rules()).isEqualTo(rules);

    var later = RuleRecords.write(Optional.empty(), 2, rules.subList(0, 1), NOW);
    later.getRules().getFirst().put("kind", "of a later version");
    var again = book.rules().put("*", later, NOW);

    assertThat(again).singleElement().asString().contains("of a later version");
    assertThat(book.rulesOf(Optional.empty()).rules()).isEqualTo(rules);
    assertThat(book.unusable()).isEqualTo(1);
    assertThat(book.rules().put("acme", stored, NOW)).isNotEmpty();
  }
}
