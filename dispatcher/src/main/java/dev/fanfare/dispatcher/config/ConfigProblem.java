package dev.fanfare.dispatcher.config;

/// One thing that is wrong with the configuration.
///
/// @param key path of the key, e.g. `api.port`; empty when it concerns a file as a whole
/// @param where file and line, or the environment variable
/// @param message what is wrong and what would be right; never the value of a secret
public record ConfigProblem(String key, String where, String message) {
  @Override
  public String toString() {
    return where + ": " + (key.isEmpty() ? "" : key + " ") + message;
  }
}
