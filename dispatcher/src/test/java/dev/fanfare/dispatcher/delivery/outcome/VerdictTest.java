package dev.fanfare.dispatcher.delivery.outcome;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.delivery.outcome.Outcome.Dead;
import dev.fanfare.dispatcher.delivery.outcome.Outcome.Delivered;
import dev.fanfare.dispatcher.delivery.outcome.Outcome.Retry;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Sent;
import dev.fanfare.retry.deadletter.DeadLetterReason;
import dev.fanfare.retry.ladder.RetrySchedule;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class VerdictTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final Instant EXPIRES = NOW.plus(Duration.ofHours(10));
  private static final RetrySchedule SCHEDULE =
      new RetrySchedule(List.of(Duration.ofSeconds(5), Duration.ofSeconds(30)));

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 202, 204, 206, 299})
  void takesEvery2xxForDelivered(int status) {
    assertThat(on(answered(status, Map.of()), 1)).isEqualTo(new Delivered());
  }

  @ParameterizedTest
  @ValueSource(
      ints = {
        100, 300, 301, 302, 307, 308, 400, 401, 403, 404, 408, 422, 429, 500, 502, 503, 504, 599
      })
  void triesEverythingElseAgainByTheSchedule(int status) {
    assertThat(on(answered(status, Map.of()), 1)).isEqualTo(new Retry(NOW.plusSeconds(5)));
    assertThat(on(answered(status, Map.of()), 2)).isEqualTo(new Retry(NOW.plusSeconds(30)));
  }

  @ParameterizedTest
  @EnumSource(Fault.class)
  void triesAgainWhenNothingCameBack(Fault fault) {
    assertThat(on(new Reply.Unanswered(fault, "x", Sent.NOTHING), 1))
        .isEqualTo(new Retry(NOW.plusSeconds(5)));
  }

  @Test
  void endsWhenTheScheduleIsUsedUp() {
    assertThat(on(answered(500, Map.of()), 3)).isEqualTo(new Dead(DeadLetterReason.EXPIRED));
  }

  @Test
  void endsWhenTheNextAttemptWouldBeDueAfterItExpires() {
    var expires = NOW.plusSeconds(5);

    assertThat(Verdict.on(answered(500, Map.of()), 1, expires, SCHEDULE, NOW))
        .isEqualTo(new Dead(DeadLetterReason.EXPIRED));
    assertThat(Verdict.on(answered(500, Map.of()), 1, expires.plusMillis(1), SCHEDULE, NOW))
        .isEqualTo(new Retry(NOW.plusSeconds(5)));
  }

  @ParameterizedTest
  @CsvSource({"410,GONE", "413,PAYLOAD_TOO_LARGE"})
  void endsAtOnceWhereAnotherAttemptIsOfNoUse(int status, DeadLetterReason reason) {
    assertThat(on(answered(status, Map.of()), 1)).isEqualTo(new Dead(reason));
  }

  @ParameterizedTest
  @CsvSource({
    "429, 120, 120", // longer than the schedule: honoured
    "502, 120, 120",
    "503, 120, 120",
    "504, 120, 120",
    "429, 1, 5", // shorter than the schedule: would spend the attempts in seconds
    "429, 0, 5",
    "503, -7, 5", // malformed
    "503, soon, 5",
    "500, 120, 5", // only where it means the endpoint's load
    "400, 120, 5",
  })
  void honoursRetryAfter(int status, String retryAfter, long expectedSeconds) {
    assertThat(on(answered(status, Map.of("retry-after", retryAfter)), 1))
        .isEqualTo(new Retry(NOW.plusSeconds(expectedSeconds)));
  }

  @Test
  void honoursRetryAfterAsADate() {
    var header = Map.of("retry-after", "Fri, 01 May 2026 12:10:00 GMT");

    assertThat(on(answered(503, header), 1)).isEqualTo(new Retry(NOW.plusSeconds(600)));
  }

  @Test
  void leavesALastAttemptWhereRetryAfterIsBeyondItsLife() {
    assertThat(on(answered(503, Map.of("retry-after", "999999999")), 1))
        .isEqualTo(new Retry(EXPIRES.minus(Verdict.LAST_CHANCE)));
  }

  @ParameterizedTest
  @CsvSource({
    "500, abort-message, ABORTED,",
    "404, ' Abort-Message ', ABORTED,",
    "500, disable, ENDPOINT_DISABLED, ASKED",
    "410, abort-message, GONE, GONE"
  })
  void doesWhatTheEndpointAsksFor(
      int status, String header, DeadLetterReason reason, @Nullable DisableReason stops) {
    var reply = answered(status, Map.of("webhook-delivery", header));

    assertThat(on(reply, 1)).isEqualTo(new Dead(reason));
    assertThat(Verdict.stopsEndpoint(reply)).isEqualTo(Optional.ofNullable(stops));
    assertThat(Verdict.refusesOnlyThis(reply)).isEqualTo(stops == null);
  }

  @Test
  void doesNotStopAnEndpointThatTookIt() {
    var reply = answered(204, Map.of("webhook-delivery", "disable"));

    assertThat(on(reply, 1)).isEqualTo(new Delivered());
    assertThat(Verdict.stopsEndpoint(reply)).isEmpty();
  }

  @Test
  void endsWhereTheAddressIsRefused() {
    assertThat(on(new Reply.Blocked("10.0.0.1", Sent.NOTHING), 1))
        .isEqualTo(new Dead(DeadLetterReason.BLOCKED_ADDRESS));
  }

  private static Outcome on(Reply reply, int attempts) {
    return Verdict.on(reply, attempts, EXPIRES, SCHEDULE, NOW);
  }

  private static Reply answered(int status, Map<String, String> headers) {
    return new Reply.Answered(status, headers, ByteBuffer.allocate(0), Sent.NOTHING);
  }
}
