package dev.fanfare.dispatcher.delivery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.delivery.outcome.Outcome;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.egress.Reply.Sent;
import dev.fanfare.dispatcher.telemetry.TraceExemplars;
import dev.fanfare.schemas.avro.Delivery;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/// What a scrape shows.
class WorkerMetricsTest {
  private static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0";
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String SPAN = "00f067aa0ba902b7";

  private final PrometheusMeterRegistry registry = TraceExemplars.registry();
  private final WorkerMetrics metrics = new WorkerMetrics(registry, "w");

  private void attempt(Delivery.Builder delivery, Instant since, Duration later) {
    var made = delivery.build();
    var started = since.plus(later);
    metrics.attempted(
        new Received(WorkerFixture.P0, 0, "sub_1", made, since, 100),
        new Reply.Blocked("10.0.0.1", Sent.NOTHING),
        new Outcome.Delivered(),
        started,
        started.plusMillis(20));
  }

  private static Delivery.Builder delivery() {
    return Delivery.newBuilder(WorkerFixture.delivery("sub_1", "evt_1"));
  }

  private String line(String start) {
    return registry
        .scrape(OPEN_METRICS)
        .lines()
        .filter(line -> line.startsWith(start))
        .findFirst()
        .orElse("no " + start);
  }

  @Test
  void showsEveryOutcomeOfEveryTypeFromTheStart() {
    var series =
        registry
            .scrape()
            .lines()
            .filter(line -> line.startsWith("fanfare_deliveries_settled_total{"))
            .toList();

    assertThat(series).hasSize(4 * 17).allMatch(line -> line.endsWith(" 0.0"));
  }

  @Test
  void countsByTypeAndWhatItDoesNotKnowAsOther() {
    attempt(delivery().setType("email.bounced"), Instant.now(), Duration.ZERO);
    attempt(delivery().setType("email.of_the_future"), Instant.now(), Duration.ZERO);

    var counted = "fanfare_deliveries_settled_total{outcome=\"delivered\",type=\"%s\"}";
    assertThat(line(counted.formatted("email.bounced"))).contains("} 1.0");
    assertThat(line(counted.formatted("other"))).contains("} 1.0");
  }

  @Test
  void measuresFromTheEventsArrivalToTheFirstAttemptOnly() {
    attempt(delivery(), Instant.now(), Duration.ofSeconds(3));
    attempt(delivery().setAttempts(1), Instant.now(), Duration.ofHours(1));
    attempt(delivery().setReplayId("rpl_1"), Instant.now(), Duration.ofHours(1));

    assertThat(line("fanfare_first_attempt_seconds_sum")).endsWith(" 3.0");
  }

  @Test
  void namesTheTraceOfASlowAttempt() {
    attempt(
        delivery().setTraceparent("00-" + TRACE + "-" + SPAN + "-01"),
        Instant.now(),
        Duration.ZERO);

    assertThat(line("fanfare_attempt_seconds_bucket{le=\"0.025\"}"))
        .contains("# {", "trace_id=\"" + TRACE + "\"", "span_id=\"" + SPAN + "\"");
  }

  /// Prometheus 2.42 refuses a scrape with an exemplar anywhere else.
  @Test
  void namesTracesOnBucketsAndCountersOnly() {
    attempt(
        delivery().setTraceparent("00-" + TRACE + "-" + SPAN + "-01"),
        Instant.now(),
        Duration.ZERO);

    assertThat(registry.scrape(OPEN_METRICS).lines().filter(line -> line.contains(TRACE)))
        .isNotEmpty()
        .allMatch(line -> line.matches("[a-z_]+(_bucket|_total)\\{.*"));
  }

  @Test
  void namesNoTraceThatNobodyRecords() {
    attempt(
        delivery().setTraceparent("00-" + TRACE + "-" + SPAN + "-00"),
        Instant.now(),
        Duration.ZERO);

    assertThat(registry.scrape(OPEN_METRICS)).doesNotContain(TRACE);
  }
}
