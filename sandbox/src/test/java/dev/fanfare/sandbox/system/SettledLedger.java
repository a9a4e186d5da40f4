package dev.fanfare.sandbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.sandbox.demo.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.locks.LockSupport;

/// The ledger at the end of a run, as `GET /v1/ledger` tells it: balanced since the question, with
/// no partition missing, nothing waiting and nothing unaccounted for. `LossIT` shows that it can
/// fail.
record SettledLedger(JsonNode sums) {
  private static final Duration BETWEEN_LOOKS = Duration.ofMillis(500);

  /// Waits until every delivery has ended.
  ///
  /// @throws AssertionError if one is lost, which is said with its name as soon as it is found, or
  ///   if it takes too long, with what is still open
  static SettledLedger of(ApiClient api, Duration atMost) throws IOException {
    return of(api, 0, atMost);
  }

  /// The same while some still wait.
  static SettledLedger of(ApiClient api, long waiting, Duration atMost) throws IOException {
    var asked = Instant.now();
    long deadline = System.nanoTime() + atMost.toNanos();
    while (true) {
      var said = api.get("/v1/ledger");
      var sums = said.body();
      if (said.isGood() && isOf(sums, asked)) {
        if (sums.path("unaccounted").asLong() != 0) {
          throw new AssertionError(
              "the ledger misses " + sums + ": " + api.get("/v1/ledger/unaccounted").body());
        }
        if (sums.path("waiting").asLong() == waiting) {
          return new SettledLedger(sums);
        }
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError(
            "the ledger is not settled within %s: %s %s; open: %s %s"
                .formatted(
                    atMost,
                    said.status(),
                    sums,
                    api.get("/v1/deliveries?status=pending").body(),
                    api.get("/v1/deliveries?status=retrying").body()));
      }
      LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
    }
  }

  private static boolean isOf(JsonNode sums, Instant asked) {
    return sums.path("complete").asBoolean()
        && sums.path("balanced_at").isTextual()
        && Instant.parse(sums.path("balanced_at").asText()).isAfter(asked);
  }

  /// Holds the sums to what was sent.
  void has(long opened, long delivered, long deadLettered) {
    assertThat(sums.path("opened").asLong()).as("opened").isEqualTo(opened);
    assertThat(sums.path("delivered").asLong()).as("delivered").isEqualTo(delivered);
    assertThat(sums.path("dead_lettered").asLong()).as("dead_lettered").isEqualTo(deadLettered);
  }
}
