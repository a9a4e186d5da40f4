package dev.fanfare.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/// Ports on the loopback address.
public final class Ports {
  private Ports() {}

  /// A port that was free a moment ago; somebody else may take it before it is used.
  public static int free() {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException("no free port on the loopback address", e);
    }
  }

  /// Whether a server could listen on the port now.
  public static boolean isFree(int port) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true); // connections of an earlier server that linger don't count
      socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1);
      return true;
    } catch (IOException e) {
      return false; // taken: that's the answer
    }
  }

  /// @throws IllegalStateException if somebody listens on the port already
  public static void requireFree(int port) {
    if (!isFree(port)) {
      throw new IllegalStateException("port " + port + " is in use");
    }
  }
}
