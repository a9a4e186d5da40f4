package dev.fanfare.dispatcher.egress.guard;

import java.net.InetAddress;
import java.util.Arrays;

/// A block of addresses in CIDR notation, `10.0.0.0/8` or `fc00::/7`. IPv4 and IPv6 never contain
/// each other.
public final class Network {
  private final byte[] address;
  private final int bits;
  private final String text;

  private Network(byte[] address, int bits, String text) {
    this.address = address;
    this.bits = bits;
    this.text = text;
  }

  /// @throws IllegalArgumentException if it is not an address literal, a slash and a length, or has
  ///   bits set behind its length
  public static Network parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException(
          "a network is written as address/length, e.g. 10.0.0.0/8: " + shown(text));
    }
    var address =
        Literals.parse(text.substring(0, slash))
            .map(InetAddress::getAddress)
            .orElseThrow(
                () -> new IllegalArgumentException("not an IP address before /: " + shown(text)));
    int bits = length(text.substring(slash + 1), text);
    if (bits > address.length * 8) {
      throw new IllegalArgumentException("longer than the address: " + shown(text));
    }
    var network = new Network(address, bits, text);
    for (int bit = bits; bit < address.length * 8; bit++) {
      if ((address[bit / 8] >> (7 - bit % 8) & 1) == 1) {
        throw new IllegalArgumentException("has bits set behind its length: " + shown(text));
      }
    }
    return network;
  }

  private static int length(String digits, String text) {
    if (digits.isEmpty() || digits.length() > 3 || !Literals.isDigits(digits)) {
      throw new IllegalArgumentException("not a length after /: " + shown(text));
    }
    return Integer.parseInt(digits);
  }

  private static String shown(String text) {
    var head = text.length() <= 60 ? text : text.substring(0, 60) + "…";
    return "'" + head.replaceAll("\\p{Cntrl}", "?") + "'";
  }

  boolean contains(byte[] candidate) {
    if (candidate.length != address.length) {
      return false;
    }
    int whole = bits / 8;
    if (!Arrays.equals(candidate, 0, whole, address, 0, whole)) {
      return false;
    }
    int rest = bits % 8;
    return rest == 0 || (candidate[whole] ^ address[whole]) >> (8 - rest) == 0;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Network that
        && bits == that.bits
        && Arrays.equals(address, that.address);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(address) * 31 + bits;
  }

  @Override
  public String toString() {
    return text;
  }
}
