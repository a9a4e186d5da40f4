package dev.fanfare.dispatcher.egress;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Asks an endpoint whether it wants to be called (`OPTIONS`).
@FunctionalInterface
public interface Preflight {
  /// @param headers what is said of the caller
  Consent ask(URI url, Map<String, String> headers);

  /// What comes back.
  sealed interface Consent {
    /// Whatever the status says.
    ///
    /// @param headers names in lower case
    record Answered(int status, Map<String, String> headers) implements Consent {
      public Answered {
        headers = Map.copyOf(headers);
      }

      public Optional<String> header(String name) {
        return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
      }
    }

    /// @param why for people
    record Unanswered(String why) implements Consent {}
  }
}
