package dev.fanfare.retry.replay;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.schemas.avro.Delivery;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OncePerRootTest {
  private static final Delivery FIRST = Letters.delivery("sub_1", 1).build();
  private static final Delivery AGAIN = again(FIRST, "rpl_1");

  @Test
  void takesOneOfAllThatStandForTheSame() {
    var once = new OncePerRoot();
    for (var one : List.of(FIRST, AGAIN, again(AGAIN, "rpl_2"))) {
      once.meet(one);
    }
    assertThat(once.take(FIRST)).isTrue();
    assertThat(once.take(AGAIN)).isFalse();
    assertThat(once.take(again(AGAIN, "rpl_2"))).isFalse();
    assertThat(once.repeats()).isOne();
  }

  @Test
  void takesAReplayWhoseFirstIsNotSelected() {
    var once = new OncePerRoot();
    once.meet(AGAIN);
    assertThat(once.take(AGAIN)).isTrue();
  }

  @Test
  void beginsAnew() {
    var once = new OncePerRoot();
    once.meet(AGAIN);
    assertThat(once.take(AGAIN)).isTrue();
    once.startOver();
    assertThat(once.take(FIRST)).isTrue();
    assertThat(once.take(AGAIN)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void takesEachRootOnceInAnyOrder(long seed) {
    // Given
    var random = new Random(seed);
    var all = new ArrayList<Delivery>();
    for (int i = 0; i < 500; i++) {
      var first = Letters.delivery("sub_" + i % 7, i).build();
      all.add(first);
      for (int again = random.nextInt(4); again > 0; again--) {
        all.add(again(first, "rpl_" + again));
      }
    }
    Collections.shuffle(all, random);
    var once = new OncePerRoot();
    all.forEach(once::meet);

    // When
    var taken = all.stream().filter(once::take).map(Redelivery::rootOf).toList();

    // Then
    assertThat(taken).hasSize(500);
    assertThat(new HashSet<>(taken)).hasSize(500);
  }

  private static Delivery again(Delivery origin, String replay) {
    return Redelivery.again(origin, replay, Instant.EPOCH, Duration.ofHours(1));
  }
}
