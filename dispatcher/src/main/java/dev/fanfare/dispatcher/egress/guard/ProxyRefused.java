package dev.fanfare.dispatcher.egress.guard;

import java.io.IOException;

/// Thrown through the HTTP client when the proxy does not let a connection through. The message is
/// for people, in our own words.
public final class ProxyRefused extends IOException {
  ProxyRefused(String message) {
    super(message);
  }
}
