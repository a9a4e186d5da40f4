package dev.fanfare.dispatcher.fanout;

import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.REPLACE_THREAD;
import static org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class RecoveryTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final Recovery recovery = new Recovery(new FanoutMetrics(meters), now::get);

  RecoveryTest() {
    recovery.close(); // so that nothing waits here
  }

  @Test
  void replacesAThreadThatFailed() {
    assertThat(recovery.handle(new IllegalStateException("outer", new RuntimeException("why"))))
        .isEqualTo(REPLACE_THREAD);

    assertThat(recovery.trouble()).contains("RuntimeException: why");
    assertThat(meters.counter("fanfare.fanout.failures").count()).isEqualTo(1);
  }

  @Test
  void stopsWhenTheProcessIsUnsound() {
    assertThat(recovery.handle(new OutOfMemoryError("heap"))).isEqualTo(SHUTDOWN_CLIENT);
  }

  @Test
  void troubleIsOverAfterAWhile() {
    recovery.handle(new IllegalStateException("x"));

    now.set(Instant.EPOCH.plusSeconds(14));
    assertThat(recovery.trouble()).isPresent();

    now.set(Instant.EPOCH.plusSeconds(15));
    assertThat(recovery.trouble()).isEmpty();
  }

  @Test
  void waitsLongerEachTimeUpToABound() {
    for (long millis : new long[] {250, 500, 1_000, 2_000, 4_000, 5_000, 5_000}) {
      recovery.awaitTurn();
      recovery.handle(new IllegalStateException("x"));

      assertThat(recovery.untilTurn()).hasMillis(millis);
    }

    now.set(Instant.EPOCH.plusSeconds(60));
    recovery.handle(new IllegalStateException("x"));
    assertThat(recovery.untilTurn()).hasMillis(250);
  }
}
