package dev.fanfare.dispatcher.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.function.LongSupplier;

/// Shows how far a file has been sent: on a terminal a bar that moves, elsewhere a line now and
/// then. Sees the bytes as they go.
final class SendProgress extends FilterInputStream {
  private static final long DRAWN_EVERY = 200_000_000;
  private static final long TOLD_EVERY = 10_000_000_000L;
  private static final int WIDTH = 30;
  private static final String TO_LINE_START = "\r\u001b[K";

  private final OptionalLong total;
  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier nanos;
  private final long start;
  private long shown;
  private long bytes;
  private long lines;

  /// @param total bytes there are; empty when nobody knows
  SendProgress(
      InputStream in, OptionalLong total, PrintWriter out, boolean terminal, LongSupplier nanos) {
    super(in);
    this.total = total;
    this.out = out;
    this.terminal = terminal;
    this.nanos = nanos;
    this.start = nanos.getAsLong();
    this.shown = start;
  }

  static SendProgress of(InputStream in, OptionalLong total, PrintWriter out) {
    return new SendProgress(in, total, out, Output.isTerminal(), System::nanoTime);
  }

  @Override
  public int read() throws IOException {
    var one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] into, int offset, int length) throws IOException {
    int got = in.read(into, offset, length);
    for (int i = 0; i < got; i++) {
      lines += into[offset + i] == '\n' ? 1 : 0;
    }
    bytes += Math.max(0, got);
    long now = nanos.getAsLong();
    if (got < 0) {
      show(now, terminal ? "\n" : "");
    } else if (now - shown >= (terminal ? DRAWN_EVERY : TOLD_EVERY)) {
      show(now, "");
    }
    return got;
  }

  private void show(long now, String end) {
    shown = now;
    if (terminal) {
      out.print(TO_LINE_START + bar() + counts(now) + end);
    } else {
      out.println(counts(now));
    }
    out.flush();
  }

  /// `[##########....................] 33% `
  private String bar() {
    if (total.isEmpty() || total.getAsLong() == 0) {
      return "";
    }
    int percent = (int) Math.min(100, bytes * 100 / total.getAsLong());
    int full = percent * WIDTH / 100;
    return "[%s%s] %3d%%  ".formatted("#".repeat(full), ".".repeat(WIDTH - full), percent);
  }

  private String counts(long now) {
    double seconds = Math.max(0.001, (now - start) / 1e9);
    return String.format(Locale.ROOT, "%,d lines sent, %,.0f a second", lines, lines / seconds);
  }
}
