package dev.fanfare.dispatcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import picocli.CommandLine;

/// What the commands that make replays have in common: ask for one, follow it, tell its end.
final class ReplayRequests {
  static final String PATH = "/v1/replays";

  private final ClientOptions client;
  private final PrintWriter out;
  private final PrintWriter err;

  ReplayRequests(ClientOptions client, CommandLine line) {
    this.client = client;
    this.out = line.getOut();
    this.err = line.getErr();
  }

  /// Makes a replay, or only counts.
  ///
  /// @param wait whether to stay until it is over
  int make(ApiClient api, String path, JsonNode wish, boolean wait) {
    var made = api.post(path, wish);
    if (!made.has("id")) {
      return counted(made);
    }
    if (!client.json()) {
      out.println("replay " + Text.printable(made.path("id").asText()));
      out.flush();
    }
    return wait ? follow(api, made.path("id").asText()) : told(made);
  }

  private int counted(JsonNode estimate) {
    if (client.json()) {
      out.println(estimate);
    } else {
      out.printf(
          "%,d deliveries would be replayed, in about %,d s%n",
          estimate.path("count").asLong(), estimate.path("estimated_seconds").asLong());
    }
    out.flush();
    return ExitCode.OK;
  }

  private int follow(ApiClient api, String id) {
    var path = PATH + "/" + ApiClient.encoded(id);
    // Progress is for people: where the result is for a program it goes elsewhere.
    var progress = client.json() ? err : out;
    return told(ReplayWatch.of(progress).follow(id, () -> api.get(path)));
  }

  private int told(JsonNode job) {
    if (client.json()) {
      out.println(job);
      out.flush();
    }
    return job.path("state").asText().equals("failed") ? ExitCode.FAILED : ExitCode.OK;
  }
}
