package dev.fanfare.dispatcher.cli;

import java.util.Optional;
import picocli.CommandLine.Option;

/// Where the API is, and how to speak with it.
final class ClientOptions {
  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "${env:FANFARE_URL:-http://127.0.0.1:8080}",
      description = "Where Fanfare's API is. Default: FANFARE_URL, or http://127.0.0.1:8080.")
  private String url = "";

  @Option(
      names = "--api-key",
      paramLabel = "KEY",
      description =
          "Default: FANFARE_API_KEY, which unlike an option nobody sees in a process list.")
  private Optional<String> apiKey = Optional.empty();

  @Option(names = "--json", description = "Print JSON, for programs.")
  private boolean json;

  String url() {
    return url;
  }

  Optional<String> apiKey() {
    return apiKey
        .or(() -> Optional.ofNullable(System.getenv("FANFARE_API_KEY")))
        .filter(key -> !key.isEmpty());
  }

  boolean json() {
    return json;
  }
}
