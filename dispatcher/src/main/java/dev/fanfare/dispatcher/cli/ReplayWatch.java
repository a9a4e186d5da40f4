package dev.fanfare.dispatcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.function.Supplier;

/// Shows how a replay gets on until it is over or stands still: on a terminal a bar that moves,
/// elsewhere a line now and then.
final class ReplayWatch {
  private static final Set<String> OVER = Set.of("finished", "cancelled", "failed", "paused");
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final int LOOKS_A_LINE = 20;
  private static final int WIDTH = 30;
  private static final String TO_LINE_START = "\r\u001b[K";

  private final PrintWriter out;
  private final boolean terminal;
  private final Pause pause;

  /// Waits, in tests for no time.
  @FunctionalInterface
  interface Pause {
    void sleep(Duration time) throws InterruptedException;
  }

  ReplayWatch(PrintWriter out, boolean terminal, Pause pause) {
    this.out = out;
    this.terminal = terminal;
    this.pause = pause;
  }

  static ReplayWatch of(PrintWriter out) {
    return new ReplayWatch(out, Output.isTerminal(), Thread::sleep);
  }

  /// Follows a replay; when the process is told to end meanwhile (Ctrl-C), says that the replay is
  /// not.
  ///
  /// @param look asks how it is
  /// @return how it was last
  JsonNode follow(String id, Supplier<JsonNode> look) {
    var farewell = Thread.ofPlatform().unstarted(() -> leave(id));
    Runtime.getRuntime().addShutdownHook(farewell);
    try {
      return show(look);
    } finally {
      forget(farewell);
    }
  }

  private static void forget(Thread farewell) {
    try {
      var _ = Runtime.getRuntime().removeShutdownHook(farewell);
    } catch (IllegalStateException _) {
      farewell.setDaemon(false); // it is running already
    }
  }

  private void leave(String id) {
    if (terminal) {
      out.println();
    }
    out.println(
        "The replay goes on. See it with `fanfare replays show "
            + Text.printable(id)
            + "`, stop it with `fanfare replays cancel`.");
    out.flush();
  }

  private JsonNode show(Supplier<JsonNode> look) {
    try {
      for (int looks = 0; ; looks++) {
        var job = look.get();
        boolean over = OVER.contains(job.path("state").asText());
        if (terminal) {
          out.print(TO_LINE_START + bar(job));
          out.print(over ? "\n" : "");
        } else if (over || looks % LOOKS_A_LINE == 0) {
          out.println(line(job));
        }
        out.flush();
        if (over) {
          return job;
        }
        pause.sleep(LOOK_EVERY);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed(ExitCode.FAILED, "interrupted; the replay goes on", e);
    }
  }

  /// `[##########....................] 33% 100 of 300, 4 s left`
  static String bar(JsonNode job) {
    long total = job.path("total").asLong();
    long done = job.path("released").asLong() + job.path("skipped").asLong();
    if (total == 0) {
      return line(job);
    }
    int percent = (int) Math.min(100, done * 100 / total);
    int full = percent * WIDTH / 100;
    return "[%s%s] %3d%%  %s"
        .formatted("#".repeat(full), ".".repeat(WIDTH - full), percent, line(job));
  }

  static String line(JsonNode job) {
    var state = job.path("state").asText();
    var left = job.path("estimated_seconds").asLong();
    return Text.printable(
        switch (state) {
          case "planned" -> "counting" + error(job);
          case "running" -> counts(job) + ", " + left + " s left" + error(job);
          default -> state + ": " + counts(job) + error(job);
        });
  }

  private static String counts(JsonNode job) {
    long skipped = job.path("skipped").asLong();
    long unread = job.path("unread").asLong();
    return number(job.path("released").asLong())
        + " of "
        + number(job.path("total").asLong())
        + (skipped > 0 ? ", " + number(skipped) + " skipped" : "")
        + (unread > 0 ? ", up to " + number(unread) + " deleted by retention before" : "");
  }

  private static String error(JsonNode job) {
    var error = job.path("error").asText("");
    return error.isEmpty() || error.equals("null") ? "" : " (" + error + ")";
  }

  private static String number(long count) {
    return String.format(Locale.ROOT, "%,d", count);
  }
}
