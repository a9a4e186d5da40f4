package dev.fanfare.dispatcher.egress.guard;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Locale;
import java.util.Optional;

/// IP addresses in text. Reads only the spelling that everybody agrees on; recognises the ones that
/// some resolvers read as an address and others as a name, which is how guards are passed.
final class Literals {
  private Literals() {}

  /// Four decimal numbers without leading zeros, or IPv6 without zone. Looks nothing up.
  static Optional<InetAddress> parse(String text) {
    if (text.indexOf(':') >= 0) {
      return text.indexOf('%') >= 0 ? Optional.empty() : ipv6(text);
    }
    var parts = text.split("\\.", 6);
    if (parts.length != 4) {
      return Optional.empty();
    }
    var address = new byte[4];
    for (int i = 0; i < 4; i++) {
      var part = parts[i];
      boolean plain =
          isDigits(part) && part.length() <= 3 && (part.length() == 1 || part.charAt(0) != '0');
      if (!plain || Integer.parseInt(part) > 255) {
        return Optional.empty();
      }
      address[i] = (byte) Integer.parseInt(part);
    }
    return Optional.of(of(address));
  }

  private static Optional<InetAddress> ipv6(String text) {
    try {
      return Optional.of(Inet6Address.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  /// Whether a host's last label is a number, decimal, octal or hexadecimal: such a host is an
  /// address or a mistake, never a name (WHATWG URL, "ends in a number").
  static boolean endsInNumber(String host) {
    var last = host.substring(host.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (isDigits(last)) {
      return true;
    }
    return last.startsWith("0x")
        && last.substring(2).chars().allMatch(c -> Character.digit(c, 16) >= 0);
  }

  static boolean isDigits(String text) {
    return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }

  static InetAddress of(byte[] address) {
    try {
      return InetAddress.getByAddress(address);
    } catch (java.net.UnknownHostException e) {
      throw new IllegalStateException("4 and 16 bytes are an address", e);
    }
  }
}
