package dev.fanfare.dispatcher.delivery.outcome;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.delivery.outcome.Outcome.Dead;
import dev.fanfare.dispatcher.delivery.outcome.Outcome.Deferred;
import dev.fanfare.dispatcher.delivery.outcome.Outcome.Delivered;
import dev.fanfare.dispatcher.delivery.outcome.Outcome.Retry;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Sent;
import dev.fanfare.retry.ladder.RetrySchedule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// Holds `docs/outcomes.md` to what [Verdict] does, for every status and every fault.
class OutcomesTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final Instant EXPIRES = NOW.plus(Duration.ofHours(10));
  private static final RetrySchedule SCHEDULE = new RetrySchedule(List.of(Duration.ofSeconds(5)));
  private static final Pattern ROW = Pattern.compile("\\| `([^`]+)`[^|]*\\|([^|]+)\\|.*");

  private record Row(String key, String says) {}

  @Test
  void everyStatusDoesWhatTheFirstRowThatFitsSays() throws IOException {
    var rows = rows("Statuses");

    for (int status = 100; status < 600; status++) {
      var digits = Integer.toString(status);
      var row = rows.stream().filter(it -> fits(it.key, digits)).findFirst();
      assertThat(row).as(digits).isPresent();
      assertThat(words(on(answered(status, Map.of()))))
          .as(digits)
          .isEqualTo(row.orElseThrow().says);
    }
  }

  @Test
  void everyFaultIsThereAndDoesWhatItsRowSays() throws IOException {
    var rows = rows("No answer");

    var codes = new ArrayList<String>();
    for (var fault : Fault.values()) {
      if (fault == Fault.CANCELLED) {
        continue; // settled by nobody, so it has no outcome
      }
      codes.add(fault.code());
      assertThat(rows)
          .contains(
              new Row(fault.code(), words(on(new Reply.Unanswered(fault, "x", Sent.NOTHING)))));
    }
    codes.add("blocked_address");
    assertThat(rows)
        .contains(
            new Row("blocked_address", words(on(new Reply.Blocked("10.0.0.1", Sent.NOTHING)))));
    assertThat(rows).extracting(Row::key).containsExactlyInAnyOrderElementsOf(codes);
  }

  @Test
  void retryAfterDoesWhatItsRowsSay() throws IOException {
    var rows = rows("Retry-After");

    assertThat(rows).isNotEmpty();
    for (var row : rows) {
      for (int status : List.of(429, 502, 503, 504)) {
        var due = ((Retry) on(answered(status, Map.of("retry-after", row.key)))).dueAt();
        assertThat(Duration.between(NOW, due).toSeconds() + " s").as(row.key).isEqualTo(row.says);
      }
      assertThat(on(answered(500, Map.of("retry-after", row.key))))
          .isEqualTo(new Retry(NOW.plusSeconds(5)));
    }
  }

  private static boolean fits(String pattern, String status) {
    return status.matches(pattern.replace('x', '.'));
  }

  private static String words(Outcome outcome) {
    return switch (outcome) {
      case Delivered _ -> "delivered";
      case Retry _ -> "retry";
      case Deferred _ -> "deferred";
      case Dead(var reason) -> "dead: " + reason.code();
    };
  }

  private static List<Row> rows(String section) throws IOException {
    var page = Files.readString(Path.of("..", "docs", "outcomes.md"), UTF_8);
    var start = page.indexOf("## " + section + "\n");
    assertThat(start).as(section).isNotNegative();
    var end = page.indexOf("\n## ", start);
    var rows = new ArrayList<Row>();
    for (var line : page.substring(start, end < 0 ? page.length() : end).lines().toList()) {
      var matcher = ROW.matcher(line);
      if (matcher.matches()) {
        rows.add(new Row(matcher.group(1), matcher.group(2).replace("`", "").strip()));
      }
    }
    return rows;
  }

  private static Outcome on(Reply reply) {
    return Verdict.on(reply, 1, EXPIRES, SCHEDULE, NOW);
  }

  private static Reply answered(int status, Map<String, String> headers) {
    return new Reply.Answered(status, headers, ByteBuffer.allocate(0), Sent.NOTHING);
  }
}
