package dev.fanfare.dispatcher.delivery.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.delivery.outcome.Outcome;
import dev.fanfare.dispatcher.egress.Post;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Blocked;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Sent;
import dev.fanfare.dispatcher.egress.Reply.Timings;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.subscription.Endpoint;
import dev.fanfare.retry.deadletter.DeadLetterReason;
import dev.fanfare.schemas.avro.Attempt;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AttemptRecordsTest {
  private static final Instant STARTED = Instant.parse("2026-03-01T12:00:00.123Z");
  private static final Instant DUE = Instant.parse("2026-03-01T12:00:30.123Z");
  private static final Map<String, String> HEADERS = Map.of("webhook-id", "evt_1");

  @Test
  void writesWhatWasSentWhatCameBackAndHowLongEachStepTook() {
    var sent = new Sent(HEADERS, new Timings(1, 2, 3, 4, 5));
    var body = ByteBuffer.wrap("slow down".getBytes(UTF_8));

    var attempt =
        attempt(new Answered(429, Map.of("retry-after", "7"), body, sent), new Outcome.Retry(DUE));

    assertThat(attempt.getAttempt()).isEqualTo(1);
    assertThat(attempt.getStartedAt()).isEqualTo(STARTED);
    assertThat(attempt.getUrl()).isEqualTo("https://example.com/hook");
    assertThat(attempt.getRequestHeaders()).isEqualTo(HEADERS);
    assertThat(attempt.getStatus()).isEqualTo(429);
    assertThat(attempt.getResponseHeaders()).containsEntry("retry-after", "7");
    assertThat(attempt.getResponseBody()).isEqualTo(body);
    assertThat(attempt.getError()).isNull();
    assertThat(attempt.getOutcome()).isEqualTo("retry");
    assertThat(attempt.getDueAt()).isEqualTo(DUE);
    assertThat(attempt.getDnsUs()).isEqualTo(1);
    assertThat(attempt.getConnectUs()).isEqualTo(2);
    assertThat(attempt.getTlsUs()).isEqualTo(3);
    assertThat(attempt.getFirstByteUs()).isEqualTo(4);
    assertThat(attempt.getTotalUs()).isEqualTo(5);
    assertThat(attempt.getWorker()).isEqualTo("w1");
  }

  @Test
  void leavesOutTheStepsOfAConnectionThatWasThereAlready() {
    var sent = new Sent(HEADERS, new Timings(-1, -1, -1, 40, 50));

    var attempt =
        attempt(new Answered(204, Map.of(), ByteBuffer.allocate(0), sent), new Outcome.Delivered());

    assertThat(attempt.getDnsUs()).isNull();
    assertThat(attempt.getConnectUs()).isNull();
    assertThat(attempt.getTlsUs()).isNull();
    assertThat(attempt.getFirstByteUs()).isEqualTo(40);
    assertThat(attempt.getTotalUs()).isEqualTo(50);
  }

  @Test
  void writesWhyNoAnswerCame() {
    var sent = new Sent(HEADERS, new Timings(1, 2, -1, -1, 5));

    var unanswered =
        attempt(new Unanswered(Fault.TIMEOUT, "timed out", sent), new Outcome.Retry(DUE));
    var blocked =
        attempt(
            new Blocked("10.0.0.1 (private)", Sent.NOTHING),
            new Outcome.Dead(DeadLetterReason.BLOCKED_ADDRESS));

    assertThat(unanswered.getError()).isEqualTo("timeout");
    assertThat(unanswered.getErrorMessage()).isEqualTo("timed out");
    assertThat(unanswered.getRequestHeaders()).isEqualTo(HEADERS);
    assertThat(unanswered.getStatus()).isNull();
    assertThat(unanswered.getFirstByteUs()).isNull();
    assertThat(blocked.getError()).isEqualTo("blocked_address");
    assertThat(blocked.getErrorMessage()).isEqualTo("refused to connect to 10.0.0.1 (private)");
    assertThat(blocked.getReason()).isEqualTo("blocked_address");
    assertThat(blocked.getRequestHeaders()).isEmpty();
  }

  private static Attempt attempt(Reply reply, Outcome outcome) {
    var delivery = WorkerFixture.delivery("sub_1", "evt_1");
    return new AttemptRecords("w1").of(delivery, post(), reply, outcome, STARTED);
  }

  private static Post post() {
    var endpoint =
        new Endpoint(
            URI.create("https://example.com/hook?token=secret"),
            Map.of("Authorization", "Bearer secret"),
            new SigningKeys(List.of(HmacSecret.generate(new byte[32]))),
            Optional.empty(),
            Optional.empty());
    return DeliveryPost.of(
        WorkerFixture.delivery("sub_1", "evt_1"), "sub_1", endpoint, Duration.ofSeconds(5), null);
  }
}
