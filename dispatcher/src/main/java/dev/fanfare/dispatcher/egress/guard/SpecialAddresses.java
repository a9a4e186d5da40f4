package dev.fanfare.dispatcher.egress.guard;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Addresses that no receiver on the public Internet has: the special-purpose registries of IANA
/// (RFC 6890 and its updates) without the few blocks in them that are globally reachable, and two
/// addresses at which a cloud answers its own machines.
final class SpecialAddresses {
  private record Block(Network network, String name) {}

  private static final List<Block> BLOCKS =
      List.of(
          // IPv4
          block("0.0.0.0/8", "unspecified"),
          block("10.0.0.0/8", "private"),
          block("100.64.0.0/10", "carrier-grade NAT"),
          block("127.0.0.0/8", "loopback"),
          block("169.254.169.254/32", "cloud metadata"),
          block("169.254.0.0/16", "link-local"),
          block("172.16.0.0/12", "private"),
          block("192.0.0.0/24", "IETF protocol assignments"),
          block("192.0.2.0/24", "documentation"),
          block("192.88.99.0/24", "6to4 relay"),
          block("192.168.0.0/16", "private"),
          block("198.18.0.0/15", "benchmarking"),
          block("198.51.100.0/24", "documentation"),
          block("203.0.113.0/24", "documentation"),
          block("224.0.0.0/4", "multicast"),
          block("255.255.255.255/32", "broadcast"),
          block("240.0.0.0/4", "reserved"),
          block("168.63.129.16/32", "cloud metadata"),
          // IPv6
          block("::/128", "unspecified"),
          block("::1/128", "loopback"),
          block("::/96", "IPv4-compatible"),
          block("64:ff9b:1::/48", "local NAT64"),
          block("100::/64", "discard-only"),
          block("2001::/32", "Teredo"),
          block("2001:2::/48", "benchmarking"),
          block("2001::/23", "IETF protocol assignments"),
          block("2001:db8::/32", "documentation"),
          block("2002::/16", "6to4"),
          block("3fff::/20", "documentation"),
          block("5f00::/16", "segment routing"),
          block("fd00:ec2::254/128", "cloud metadata"),
          block("fc00::/7", "private"),
          block("fe80::/10", "link-local"),
          block("fec0::/10", "site-local"),
          block("ff00::/8", "multicast"));

  private static final Network MAPPED = Network.parse("::/80");
  private static final Network NAT64 = Network.parse("64:ff9b::/96");
  private static final Network GLOBAL_UNICAST = Network.parse("2000::/3");

  private SpecialAddresses() {}

  private static Block block(String network, String name) {
    return new Block(Network.parse(network), name);
  }

  /// What the address is reserved for, or empty if it is an ordinary public one.
  static Optional<String> purpose(byte[] address) {
    for (var block : BLOCKS) {
      if (block.network().contains(address)) {
        return Optional.of(block.name());
      }
    }
    if (address.length == 4 || NAT64.contains(address) || GLOBAL_UNICAST.contains(address)) {
      return Optional.empty();
    }
    return Optional.of("not global unicast");
  }

  /// The IPv4 address that traffic to this IPv6 address ends at: `::ffff:a.b.c.d`,
  /// `64:ff9b::a.b.c.d` and, within a site, ISATAP (RFC 5214).
  static Optional<byte[]> embedded(byte[] address) {
    if (address.length != 16) {
      return Optional.empty();
    }
    boolean isatap =
        (address[8] & ~2) == 0
            && address[9] == 0
            && address[10] == 0x5e
            && address[11] == (byte) 0xfe;
    return isMapped(address) || isatap || NAT64.contains(address)
        ? Optional.of(Arrays.copyOfRange(address, 12, 16))
        : Optional.empty();
  }

  static boolean isMapped(byte[] address) {
    return address.length == 16
        && MAPPED.contains(address)
        && address[10] == -1
        && address[11] == -1;
  }
}
