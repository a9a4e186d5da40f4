package dev.fanfare.dispatcher.app;

import java.util.Optional;
import java.util.stream.Stream;

/// What a process does. Each role can run by itself or with the others.
public enum Role {
  /// Makes deliveries of events.
  FANOUT("fanout"),
  /// Sends deliveries to their endpoints.
  DELIVER("deliver"),
  /// Holds what waits until it is due.
  RETRY("retry"),
  /// Keeps the delivery log and the ledger.
  LOG("log"),
  /// Serves the REST API.
  API("api");

  private final String word;

  Role(String word) {
    this.word = word;
  }

  /// As written in the configuration and on the command line.
  public String word() {
    return word;
  }

  public static Optional<Role> find(String word) {
    return Stream.of(values()).filter(role -> role.word.equals(word)).findFirst();
  }
}
