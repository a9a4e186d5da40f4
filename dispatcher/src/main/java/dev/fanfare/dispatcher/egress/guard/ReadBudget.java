package dev.fanfare.dispatcher.egress.guard;

import java.io.IOException;

/// Told of every read from a socket, by the thread that reads, before the bytes are looked at.
@FunctionalInterface
public interface ReadBudget {
  /// @throws IOException to end the reading: the other side has sent too much
  void received(int bytes) throws IOException;
}
