package dev.fanfare.dispatcher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SendProgressTest {
  private static final byte[] FILE = "one\ntwo\nsix\nten\n".getBytes(UTF_8);

  private final StringWriter out = new StringWriter();
  private final AtomicLong nanos = new AtomicLong();

  private void send(OptionalLong total, boolean terminal, long nanosEach) throws IOException {
    try (var progress =
        new SendProgress(
            new ByteArrayInputStream(FILE), total, new PrintWriter(out), terminal, nanos::get)) {
      var piece = new byte[4];
      do {
        nanos.addAndGet(nanosEach);
      } while (progress.read(piece, 0, 4) >= 0);
    }
  }

  @Test
  void drawsABarThatMovesOnATerminal() throws IOException {
    send(OptionalLong.of(FILE.length), true, 500_000_000);

    assertThat(out.toString())
        .contains("\r\u001b[K[#######.......................]  25%  1 lines sent, 2 a second")
        .contains("[##############################] 100%  4 lines sent, 2 a second")
        .endsWith("\n");
  }

  @Test
  void drawsNoBarOfWhatHasNoKnownEnd() throws IOException {
    send(OptionalLong.empty(), true, 500_000_000);

    assertThat(out.toString()).contains("4 lines sent").doesNotContain("#").doesNotContain("%");
  }

  @Test
  void writesALineNowAndThenElsewhere() throws IOException {
    send(OptionalLong.of(FILE.length), false, 4_000_000_000L);

    assertThat(out.toString()).isEqualTo("3 lines sent, 0 a second\n4 lines sent, 0 a second\n");
  }
}
