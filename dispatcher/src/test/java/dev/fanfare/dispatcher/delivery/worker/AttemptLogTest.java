package dev.fanfare.dispatcher.delivery.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.dispatcher.telemetry.JsonLines;
import dev.fanfare.schemas.avro.Delivery;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/// What is written of an attempt, with everything that can be turned on.
class AttemptLogTest {
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
  private static final String RECIPIENT = "ada@example.com";
  private static final String PAYLOAD = "what-the-mail-is-about";

  private final WorkerFixture worker = new WorkerFixture();
  private final List<Logger> loggers =
      List.of(
          (Logger) LoggerFactory.getLogger("dev.fanfare"),
          (Logger) LoggerFactory.getLogger("fanfare.attempt"));
  private final ListAppender<ILoggingEvent> said = new ListAppender<>();

  @BeforeEach
  void listen() {
    said.start();
    for (var logger : loggers) {
      logger.setLevel(Level.TRACE);
      logger.addAppender(said);
    }
  }

  @AfterEach
  void stop() throws InterruptedException {
    worker.close();
    for (var logger : loggers) {
      logger.detachAppender(said);
      logger.setLevel(null);
    }
  }

  @Test
  void namesDeliveryEventAndTraceAndNothingThatIsSent() throws Exception {
    worker.subscriptions.put("sub_1", TestSubscriptions.active("sub_1"));
    worker.assign(WorkerFixture.P0);
    worker.receive(
        WorkerFixture.P0,
        0,
        Delivery.newBuilder(WorkerFixture.delivery("sub_1", "evt_1"))
            .setTraceparent("00-" + TRACE + "-00f067aa0ba902b7-01")
            .setPayload(ByteBuffer.wrap(PAYLOAD.getBytes(UTF_8)))
            .build());
    worker.call().answer(503);
    worker.transfer();
    worker.settleDown();

    var lines =
        said.list.stream().map(event -> new String(new JsonLines().encode(event), UTF_8)).toList();
    var attempt =
        lines.stream().filter(line -> line.contains("\"fanfare.attempt\"")).findFirst().orElse("");
    assertThat(keys(attempt))
        .contains("subscription", "status", "took_ms", "due_at")
        .doesNotContain("tenant");
    assertThat(attempt)
        .contains("\"delivery\":\"dlv_evt_1\"", "\"event\":\"evt_1\"", "\"attempt\":1")
        .contains("\"trace\":\"" + TRACE + "\"", "\"status\":\"503\"", "\"outcome\":\"retry\"");
    assertThat(lines).noneMatch(line -> line.contains(RECIPIENT));
    assertThat(lines).noneMatch(line -> line.contains(PAYLOAD));
    assertThat(lines).noneMatch(line -> line.contains("whsec_"));
  }

  private static List<String> keys(String line) throws IOException {
    var keys = new ArrayList<String>();
    new ObjectMapper().readTree(line).fieldNames().forEachRemaining(keys::add);
    return keys;
  }
}
