package dev.fanfare.dispatcher.egress.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigInteger;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressPolicyTest {
  private static final AddressPolicy STRICT = AddressPolicy.STRICT;

  /// First and last address of each block of IANA's registries that is not globally reachable.
  private static final String REFUSED =
      """
      0.0.0.0 0.255.255.255
      10.0.0.0 10.255.255.255
      100.64.0.0 100.127.255.255
      127.0.0.0 127.255.255.255
      169.254.0.0 169.254.255.255
      172.16.0.0 172.31.255.255
      192.0.0.0 192.0.0.255
      192.0.2.0 192.0.2.255
      192.88.99.0 192.88.99.255
      192.168.0.0 192.168.255.255
      198.18.0.0 198.19.255.255
      198.51.100.0 198.51.100.255
      203.0.113.0 203.0.113.255
      224.0.0.0 239.255.255.255
      240.0.0.0 255.255.255.255
      168.63.129.16 168.63.129.16
      :: ::fffe:ffff:ffff
      ::1:0:0:0 64:ff9a:ffff:ffff:ffff:ffff:ffff:ffff
      64:ff9b::1:0:0 1fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
      2001:: 2001:1ff:ffff:ffff:ffff:ffff:ffff:ffff
      2001:db8:: 2001:db8:ffff:ffff:ffff:ffff:ffff:ffff
      2002:: 2002:ffff:ffff:ffff:ffff:ffff:ffff:ffff
      3fff:: 3fff:fff:ffff:ffff:ffff:ffff:ffff:ffff
      4000:: ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
      """;

  /// First and last address of what is left: the public Internet.
  private static final String PERMITTED =
      """
      1.0.0.0 9.255.255.255
      11.0.0.0 100.63.255.255
      100.128.0.0 126.255.255.255
      128.0.0.0 168.63.129.15
      168.63.129.17 169.253.255.255
      169.255.0.0 172.15.255.255
      172.32.0.0 191.255.255.255
      192.0.1.0 192.0.1.255
      192.0.3.0 192.88.98.255
      192.88.100.0 192.167.255.255
      192.169.0.0 198.17.255.255
      198.20.0.0 198.51.99.255
      198.51.101.0 203.0.112.255
      203.0.114.0 223.255.255.255
      2000:: 2000:ffff:ffff:ffff:ffff:ffff:ffff:ffff
      2001:200:: 2001:db7:ffff:ffff:ffff:ffff:ffff:ffff
      2001:db9:: 2001:ffff:ffff:ffff:ffff:ffff:ffff:ffff
      2003:: 3ffe:ffff:ffff:ffff:ffff:ffff:ffff:ffff
      3fff:1000:: 3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff
      """;

  static Stream<String> refused() {
    return samples(REFUSED);
  }

  static Stream<String> permitted() {
    return samples(PERMITTED);
  }

  @ParameterizedTest
  @MethodSource
  void refused(String address) {
    assertThat(STRICT.refusal(address(address))).isPresent();
  }

  @ParameterizedTest
  @MethodSource
  void permitted(String address) {
    assertThat(STRICT.refusal(address(address))).isEmpty();
  }

  @Test
  void theTwoTablesCoverAllOfIpv4() {
    var covered = BigInteger.ZERO;
    for (var table : List.of(REFUSED, PERMITTED)) {
      for (var line : table.strip().lines().filter(line -> line.indexOf(':') < 0).toList()) {
        var ends = line.split(" ", 2);
        covered = covered.add(number(ends[1])).subtract(number(ends[0])).add(BigInteger.ONE);
      }
    }
    // 168.63.129.16 stands in its own line and in no other.
    assertThat(covered).isEqualTo(BigInteger.ONE.shiftLeft(32));
  }

  /// Whatever is refused as IPv4 is refused in every IPv6 clothing, and a public address is
  /// permitted in those that routers still translate.
  @ParameterizedTest
  @MethodSource("refusedIpv4")
  void refusesAnIpv4AddressInIpv6Clothes(String ipv4) throws UnknownHostException {
    var inner = address(ipv4).getAddress();
    for (var prefix :
        List.of("64:ff9b::", "64:ff9b:1::", "::", "2003:1:2:3:0:5efe::", "2003:1:2:3:200:5efe::")) {
      var outer = address(prefix).getAddress();
      System.arraycopy(inner, 0, outer, 12, 4);
      assertThat(STRICT.refusal(ipv6(outer))).as(prefix + ipv4).isPresent();
    }
    var mapped = new byte[16];
    mapped[10] = -1;
    mapped[11] = -1;
    System.arraycopy(inner, 0, mapped, 12, 4);
    assertThat(STRICT.refusal(ipv6(mapped))).isPresent();
    var sixToFour = address("2002::1").getAddress();
    System.arraycopy(inner, 0, sixToFour, 2, 4);
    assertThat(STRICT.refusal(ipv6(sixToFour))).isPresent();
    var teredo = address("2001::").getAddress();
    for (int i = 0; i < 4; i++) {
      teredo[12 + i] = (byte) ~inner[i];
    }
    assertThat(STRICT.refusal(ipv6(teredo))).isPresent();
  }

  /// As it is: `InetAddress` would unwrap a mapped address.
  private static InetAddress ipv6(byte[] bytes) throws UnknownHostException {
    return Inet6Address.getByAddress(null, bytes, -1);
  }

  static Stream<String> refusedIpv4() {
    return samples(REFUSED).filter(address -> address.indexOf(':') < 0);
  }

  @ParameterizedTest
  @CsvSource({
    "64:ff9b::808:808, true",
    "::ffff:8.8.8.8, true",
    "2a00:1450:4001:80b::200e, true",
    "::808:808, false",
    "2002:808:808::1, false",
    "64:ff9b:1::808:808, false"
  })
  void judgesAWrappedPublicAddressByItsWrapping(String address, boolean permitted) {
    assertThat(STRICT.refusal(address(address)).isEmpty()).isEqualTo(permitted);
  }

  @ParameterizedTest
  @CsvSource({
    "169.254.169.254, cloud metadata",
    "fd00:ec2::254, cloud metadata",
    "168.63.129.16, cloud metadata",
    "::ffff:169.254.169.254, cloud metadata",
    "64:ff9b::a9fe:a9fe, cloud metadata",
    "169.254.1.1, link-local",
    "127.0.0.1, loopback",
    "::1, loopback",
    "10.1.2.3, private",
    "fc00::1, private",
    "fe80::1, link-local",
    "fec0::1, site-local",
    "100.64.0.1, carrier-grade NAT",
    "255.255.255.255, broadcast",
    "ff02::1, multicast",
    "4000::1, not global unicast"
  })
  void saysWhy(String address, String why) {
    assertThat(STRICT.refusal(address(address))).hasValue(why);
  }

  @Test
  void permitsTheNetworksItIsToldAndNoOthers() {
    var policy =
        new AddressPolicy(true, List.of(Network.parse("127.0.0.0/8"), Network.parse("::1/128")));

    assertThat(policy.refusal(address("127.0.0.1"))).isEmpty();
    assertThat(policy.refusal(address("127.255.255.255"))).isEmpty();
    assertThat(policy.refusal(address("::1"))).isEmpty();
    assertThat(policy.refusal(address("::ffff:127.0.0.1"))).isEmpty();
    assertThat(policy.refusal(address("::2"))).isPresent();
    assertThat(policy.refusal(address("10.0.0.1"))).isPresent();
    assertThat(policy.refusal(address("169.254.169.254"))).isPresent();
  }

  @Test
  void aZoneChangesNothing() throws UnknownHostException {
    var scoped = Inet6Address.getByAddress(null, address("fe80::1").getAddress(), 1);
    assertThat(STRICT.refusal(scoped)).hasValue("link-local");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.0.0.0", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.1/8", "/8",
        "::1/129", "010.0.0.0/8", "localhost/8", "10.0.0.0/8/8", "fe80::%1/10", "10.0.0.0/0008", ""
      })
  void whatIsNoNetworkIsRefused(String text) {
    assertThatThrownBy(() -> Network.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "0.0.0.0/0, 255.1.2.3, true",
    "0.0.0.0/0, ::1, false",
    "172.16.0.0/12, 172.31.255.255, true",
    "172.16.0.0/12, 172.32.0.0, false",
    "127.0.0.1/32, 127.0.0.1, true",
    "127.0.0.1/32, 127.0.0.2, false",
    "fc00::/7, fdff::1, true",
    "fc00::/7, fe00::1, false"
  })
  void aNetworkContainsWhatSharesItsFirstBits(String network, String address, boolean contained) {
    assertThat(Network.parse(network).contains(address(address).getAddress())).isEqualTo(contained);
  }

  /// The ends of each range, their neighbours within it, and points spread over it.
  private static Stream<String> samples(String table) {
    var samples = new ArrayList<String>();
    for (var line : table.strip().lines().toList()) {
      var ends = line.split(" ", 2);
      var first = number(ends[0]);
      var span = number(ends[1]).subtract(first);
      int length = address(ends[0]).getAddress().length;
      for (int i = 0; i <= 8; i++) {
        var at = first.add(span.multiply(BigInteger.valueOf(i)).shiftRight(3));
        samples.add(text(at, length));
      }
      if (span.signum() > 0) {
        samples.add(text(first.add(BigInteger.ONE), length));
        samples.add(text(first.add(span).subtract(BigInteger.ONE), length));
      }
    }
    return samples.stream().distinct();
  }

  private static BigInteger number(String address) {
    return new BigInteger(1, address(address).getAddress());
  }

  private static String text(BigInteger number, int length) {
    var bytes = number.toByteArray();
    var padded = new byte[length];
    int from = Math.max(0, bytes.length - length);
    System.arraycopy(bytes, from, padded, length - (bytes.length - from), bytes.length - from);
    try {
      return InetAddress.getByAddress(padded).getHostAddress();
    } catch (UnknownHostException e) {
      throw new IllegalStateException(Arrays.toString(padded), e);
    }
  }

  /// By the platform's parser, not by ours.
  private static InetAddress address(String literal) {
    return InetAddress.ofLiteral(literal);
  }
}
