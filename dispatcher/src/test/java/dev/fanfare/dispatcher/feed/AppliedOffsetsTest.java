package dev.fanfare.dispatcher.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class AppliedOffsetsTest {
  private static final TopicPartition ZERO = new TopicPartition("subscriptions", 0);
  private static final TopicPartition ONE = new TopicPartition("subscriptions", 1);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final AppliedOffsets applied = new AppliedOffsets();

  @Test
  void isNotThereBefore() {
    applied.advance(ZERO, 5);

    assertThat(applied.await(ZERO, 4, Duration.ZERO)).isTrue();
    assertThat(applied.await(ZERO, 5, Duration.ofMillis(1))).isFalse();
    assertThat(applied.await(ONE, 0, Duration.ZERO)).isFalse();
    assertThat(applied.position(ZERO)).hasValue(5);
    assertThat(applied.position(ONE)).isEmpty();
  }

  @Test
  void wakesWhoeverWaits() {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var waiting = CompletableFuture.supplyAsync(() -> applied.await(ZERO, 7, LONG), threads);

      applied.advance(ZERO, 7);
      applied.advance(ZERO, 8);

      assertThat(waiting.join()).isTrue();
    }
  }

  @Test
  void anInterruptEndsTheWait() {
    Thread.currentThread().interrupt();

    assertThat(applied.await(ZERO, 0, LONG)).isFalse();
    assertThat(Thread.interrupted()).isTrue();
  }
}
