package dev.fanfare.dispatcher.delivery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.telemetry.Span;
import dev.fanfare.dispatcher.telemetry.Spans;
import dev.fanfare.dispatcher.telemetry.Trace;
import dev.fanfare.schemas.avro.Delivery;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// What an attempt is to a tracing tool.
class AttemptSpanTest {
  private static final String ID = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String PARENT = "00f067aa0ba902b7";
  private static final String OWN = "1111111111111111";

  private static final class Kept implements Spans {
    final LinkedBlockingQueue<Span> spans = new LinkedBlockingQueue<>();

    @Override
    public Optional<Trace> begin(Trace parent) {
      return parent.sampled()
          ? Optional.of(new Trace(parent.id(), OWN, /* sampled= */ true))
          : Optional.empty();
    }

    @Override
    public void ended(Span span) {
      spans.add(span);
    }
  }

  /// The traceparent that the endpoint is shown.
  private static Optional<String> attempt(Spans spans, @Nullable String traceparent)
      throws InterruptedException {
    var worker = new WorkerFixture(spans);
    try {
      worker.subscriptions.put("sub_1", TestSubscriptions.active("sub_1"));
      worker.assign(WorkerFixture.P0);
      worker.receive(
          WorkerFixture.P0,
          0,
          Delivery.newBuilder(WorkerFixture.delivery("sub_1", "evt_1"))
              .setTraceparent(traceparent)
              .build());
      var call = worker.call();
      call.answer(503);
      worker.transfer();
      return call.post().traceparent();
    } finally {
      worker.close();
    }
  }

  @Test
  void isASpanBelowTheProducersAndAboveTheEndpoints() throws InterruptedException {
    var kept = new Kept();

    var shown = attempt(kept, "00-" + ID + "-" + PARENT + "-01");

    assertThat(shown).contains("00-" + ID + "-" + OWN + "-01");
    var span = kept.spans.take(); // it ends before what it is about is settled
    assertThat(span.trace()).isEqualTo(new Trace(ID, OWN, true));
    assertThat(span.parent()).isEqualTo(PARENT);
    assertThat(span.error()).isEqualTo("503");
    assertThat(span.attributes())
        .containsEntry("fanfare.delivery", "dlv_evt_1")
        .containsEntry("fanfare.event", "evt_1")
        .containsEntry("fanfare.attempt", 1)
        .containsEntry("fanfare.outcome", "retry")
        .containsEntry("http.response.status_code", 503);
    assertThat(span.toString()).doesNotContain("example.com", "{}");
  }

  @Test
  void leavesWhatNobodyRecordsAsItIs() throws InterruptedException {
    var kept = new Kept();
    var traceparent = "00-" + ID + "-" + PARENT + "-00";

    assertThat(attempt(kept, traceparent)).contains(traceparent);
    assertThat(attempt(kept, null)).isEmpty();
    assertThat(kept.spans).isEmpty();
  }

  @Test
  void leavesTheProducersSpanWhereNobodyWantsOurs() throws InterruptedException {
    var traceparent = "00-" + ID + "-" + PARENT + "-01";

    assertThat(attempt(Spans.NONE, traceparent)).contains(traceparent);
  }
}
