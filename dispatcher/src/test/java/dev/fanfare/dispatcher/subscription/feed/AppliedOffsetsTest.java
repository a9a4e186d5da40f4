package dev.fanfare.dispatcher.subscription.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class AppliedOffsetsTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final AppliedOffsets applied = new AppliedOffsets();

  @Test
  void isNotThereBefore() {
    applied.advance(0, 5);

    assertThat(applied.await(0, 4, Duration.ZERO)).isTrue();
    assertThat(applied.await(0, 5, Duration.ofMillis(1))).isFalse();
    assertThat(applied.await(1, 0, Duration.ZERO)).isFalse();
    assertThat(applied.position(0)).hasValue(5);
    assertThat(applied.position(1)).isEmpty();
  }

  @Test
  void wakesWhoeverWaits() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = CompletableFuture.supplyAsync(() -> applied.await(0, 7, LONG), threads);

      applied.advance(0, 7);
      applied.advance(0, 8);

      assertThat(waiting.join()).isTrue();
    }
  }

  @Test
  void anInterruptEndsTheWait() {
    Thread.currentThread().interrupt();

    assertThat(applied.await(0, 0, LONG)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}
