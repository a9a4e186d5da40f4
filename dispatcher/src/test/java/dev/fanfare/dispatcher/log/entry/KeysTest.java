package dev.fanfare.dispatcher.log.entry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.log.entry.Keys.Index;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class KeysTest {
  private static byte[] key(String tenant, long at, String id) {
    return Keys.index(Index.TENANT, tenant, new Position(at, id));
  }

  @Test
  void theNewestComesFirstAndOfTheSameTimeTheFirstName() {
    var sorted = new TreeSet<byte[]>(Arrays::compareUnsigned);
    sorted.add(key("acme", 100, "dlv_b"));
    sorted.add(key("acme", 100, "dlv_a"));
    sorted.add(key("acme", 300, "dlv_z"));
    sorted.add(key("acme", 0, "dlv_c"));

    assertThat(sorted.stream().map(it -> Keys.position(it, Keys.headOf("acme"))))
        .containsExactly(
            new Position(300, "dlv_z"),
            new Position(100, "dlv_a"),
            new Position(100, "dlv_b"),
            new Position(0, "dlv_c"));
  }

  @Test
  void aRangeHoldsWhatIsBelowAPositionAndNotOlderThanATime() {
    var range = Keys.index(Index.TENANT, "acme", new Position(200, "dlv_b"), 100);

    assertThat(within(range, key("acme", 300, "dlv_z"))).isFalse();
    assertThat(within(range, key("acme", 200, "dlv_a"))).isFalse();
    assertThat(within(range, key("acme", 200, "dlv_c"))).isTrue();
    assertThat(within(range, key("acme", 100, "dlv_z"))).isTrue();
    assertThat(within(range, key("acme", 99, "dlv_a"))).isFalse();
    assertThat(within(range, key("acme2", 150, "dlv_a"))).isFalse();
    assertThat(within(range, key("acm", 150, "dlv_a"))).isFalse();
  }

  @Test
  void aRangeThatEndsBeforeItBeginsIsEmpty() {
    var range = Keys.index(Index.TENANT, "acme", new Position(100, ""), 200);

    assertThat(Arrays.compareUnsigned(range.from(), range.to())).isNotNegative();
  }

  @Test
  void aValueCannotReachIntoAnother() {
    var range = Keys.index(Index.RECIPIENT, "a");

    assertThat(within(range, Keys.index(Index.RECIPIENT, "a\0b", new Position(1, "x")))).isFalse();
    assertThat(within(range, Keys.index(Index.RECIPIENT, "a", new Position(1, "x")))).isTrue();
  }

  @Test
  void theAttemptsOfADeliveryAreItsOwn() {
    var range = Keys.attempts("dlv_1");

    assertThat(within(range, Keys.attempt("dlv_1", 12))).isTrue();
    assertThat(within(range, Keys.attempt("dlv_12", 1))).isFalse();
    assertThat(within(range, Keys.attempt("dlv_", 1))).isFalse();
  }

  @Test
  void aMinuteIsFoundByItsAge() {
    var range = Keys.minutesBefore(10);

    assertThat(within(range, Keys.minute("", 9))).isTrue();
    assertThat(within(range, Keys.minute("ssub_1", 9))).isTrue();
    assertThat(within(range, Keys.minute("", 10))).isFalse();
  }

  @Test
  void aPositionIsTextAndBack() {
    var position = new Position(1_700_000_000_000L, "dlv_a.b");

    assertThat(Position.of(position.text())).contains(position);
    assertThat(Stream.of("", ".", "x.y", "-1.x", "1", "99999999999999999999.x"))
        .allSatisfy(text -> assertThat(Position.of(text)).isEmpty());
  }

  private static boolean within(Keys.Range range, byte[] key) {
    return Arrays.compareUnsigned(range.from(), key) <= 0
        && Arrays.compareUnsigned(key, range.to()) < 0;
  }
}
