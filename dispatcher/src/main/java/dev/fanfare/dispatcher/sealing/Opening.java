package dev.fanfare.dispatcher.sealing;

import java.nio.ByteBuffer;

/// What became of a sealed secret.
public sealed interface Opening {
  /// `toString` shows nothing of it.
  record Opened(ByteBuffer secret) implements Opening {
    @Override
    public String toString() {
      return "an opened secret";
    }
  }

  /// It stays sealed.
  ///
  /// @param why names the key, and the way out
  record Refused(String why) implements Opening {}
}
