package dev.fanfare.dispatcher.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Spans at a collector, which is a receiver like any other.
class SpanExportIT {
  private static final Trace PARENT =
      new Trace("4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7", true);
  private static final Instant START = Instant.parse("2026-03-01T12:00:00.000000007Z");

  private final Receiver collector = Receiver.start();
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final SpanExport export =
      SpanExport.start(
              new TracingSettings(
                  Optional.of(collector.url("/v1/traces")), Optional.of("Bearer s3cret"), "mine"),
              meters)
          .orElseThrow();

  @AfterEach
  void stop() {
    export.close();
    collector.close();
  }

  private static Span span(Trace own) {
    return new Span(
        own,
        PARENT.span(),
        "POST",
        START,
        START.plusMillis(20),
        Map.of("http.response.status_code", 503, "fanfare.event", "evt_1"),
        "503");
  }

  private double count(String name) {
    return meters.counter(name).count();
  }

  @Test
  void arriveAsOpenTelemetryWritesThem() throws Exception {
    var own = export.begin(PARENT).orElseThrow();
    export.ended(span(own));

    var request = collector.await(1, Duration.ofSeconds(10)).getFirst();

    assertThat(request.target()).isEqualTo("/v1/traces");
    assertThat(request.header("content-type")).contains("application/json");
    assertThat(request.header("authorization")).contains("Bearer s3cret");
    var resource = new ObjectMapper().readTree(request.text()).path("resourceSpans").path(0);
    assertThat(resource.at("/resource/attributes/0/value/stringValue").asText()).isEqualTo("mine");
    var span = resource.at("/scopeSpans/0/spans/0");
    assertThat(span.path("traceId").asText()).isEqualTo(PARENT.id());
    assertThat(span.path("spanId").asText()).isEqualTo(own.span()).matches("[0-9a-f]{16}");
    assertThat(span.path("parentSpanId").asText()).isEqualTo(PARENT.span());
    assertThat(span.path("startTimeUnixNano").asText()).isEqualTo("1772366400000000007");
    assertThat(span.path("endTimeUnixNano").asText()).isEqualTo("1772366400020000007");
    assertThat(span.path("attributes").toString())
        .contains("{\"key\":\"http.response.status_code\",\"value\":{\"intValue\":\"503\"}}")
        .contains("{\"key\":\"fanfare.event\",\"value\":{\"stringValue\":\"evt_1\"}}");
    assertThat(span.at("/status/code").asInt()).isEqualTo(2);
    await().until(() -> count("fanfare.spans.exported") == 1);
  }

  @Test
  void areNotMadeOfTracesThatNobodyRecords() {
    assertThat(export.begin(new Trace(PARENT.id(), PARENT.span(), false))).isEmpty();
  }

  @Test
  void areDroppedAndCountedWhenTheCollectorDoesNotTakeThem() {
    collector.answer(Answer.status(500));

    export.ended(span(PARENT));

    await().until(() -> count("fanfare.spans.dropped") == 1);
  }

  @Test
  void areDroppedRatherThanWaitedFor() {
    collector.answer(Answer.OK.after(Duration.ofSeconds(60)));

    for (int i = 0; i < 20_000; i++) {
      export.ended(span(PARENT));
    }

    assertThat(count("fanfare.spans.dropped")).isGreaterThan(10_000);
  }

  @Test
  void thatWaitAreSentAtTheEnd() {
    for (int i = 0; i < 1_000; i++) {
      export.ended(span(PARENT));
    }

    export.close();

    assertThat(count("fanfare.spans.exported")).isEqualTo(1_000);
  }

  @Test
  void thereAreNoneWithoutACollector() {
    assertThat(SpanExport.start(TracingSettings.OFF, meters)).isEmpty();
  }
}
