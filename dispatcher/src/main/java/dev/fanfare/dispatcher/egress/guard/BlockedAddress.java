package dev.fanfare.dispatcher.egress.guard;

import java.net.InetAddress;
import java.net.UnknownHostException;

/// Thrown through the HTTP client when the policy refuses an address; it becomes a `Blocked` reply
/// at the other end. An `UnknownHostException` because a resolver may throw no other.
public final class BlockedAddress extends UnknownHostException {
  private final String address;

  BlockedAddress(InetAddress address, String why) {
    super("refused");
    this.address = address.getHostAddress() + " (" + why + ")";
  }

  /// The address and what it is reserved for, e.g. `169.254.169.254 (cloud metadata)`.
  public String address() {
    return address;
  }
}
