package dev.fanfare.dispatcher.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class ReplayWatchTest {
  private final StringWriter out = new StringWriter();

  @Test
  void drawsABarThatMovesOnATerminal() {
    follow(true, job("planned", 0, 0), job("running", 300, 100), job("finished", 300, 300));
    assertThat(out.toString())
        .contains("counting")
        .contains("[#########.....................]  33%  100 of 300, 7 s left")
        .contains("[##############################] 100%  finished: 300 of 300")
        .endsWith("\n");
    assertThat(out.toString().split("\r", -1)).hasSize(4);
  }

  @Test
  void writesALineNowAndThenElsewhere() {
    follow(false, job("planned", 0, 0), job("running", 300, 100), job("finished", 300, 300));
    assertThat(out.toString()).isEqualTo("counting\nfinished: 300 of 300\n");
  }

  @Test
  void saysWhatWasLeftOutAndWhatIsWrong() {
    var job = job("running", 1_500, 100).put("skipped", 3).put("unread", 4).put("error", "no log");
    assertThat(ReplayWatch.line(job))
        .isEqualTo(
            "100 of 1,500, 3 skipped, up to 4 deleted by retention before, 7 s left (no log)");
  }

  @Test
  void endsWhenItStandsStill() {
    var last = follow(false, job("running", 3, 1), job("paused", 3, 2), job("finished", 3, 3));
    assertThat(last).isEqualTo("paused");
  }

  private String follow(boolean terminal, ObjectNode... looks) {
    Queue<ObjectNode> next = new ArrayDeque<>(List.of(looks));
    var watch = new ReplayWatch(new PrintWriter(out), terminal, ReplayWatchTest::noPause);
    return watch.follow("rpl_1", next::remove).path("state").asText();
  }

  private static void noPause(Duration time) {
    assertThat(time).isPositive();
  }

  private static ObjectNode job(String state, long total, long released) {
    return ApiClient.JSON
        .createObjectNode()
        .put("id", "rpl_1")
        .put("state", state)
        .put("total", total)
        .put("released", released)
        .put("estimated_seconds", 7)
        .putNull("error");
  }
}
