package dev.fanfare.dispatcher.egress;

import java.net.URI;
import java.nio.ByteBuffer;

/// A way to fetch what another's message names.
@FunctionalInterface
public interface Fetch {
  /// @param mostBytes of the content; more counts as a failure
  Got get(URI address, int mostBytes);

  /// What comes back.
  sealed interface Got {
    /// Whatever the status says.
    record Content(int status, ByteBuffer body) implements Got {
      public Content {
        body = body.asReadOnlyBuffer();
      }
    }

    /// @param why for people
    record Failed(String why) implements Got {}
  }
}
