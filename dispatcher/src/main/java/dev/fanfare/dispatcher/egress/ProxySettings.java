package dev.fanfare.dispatcher.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.egress.guard.Network;
import dev.fanfare.dispatcher.egress.guard.Tunnel;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import okhttp3.Dns;

/// The HTTP proxy through which everything leaves, e.g. so that receivers see a fixed address.
///
/// @param user and password for `Proxy-Authorization: Basic`; both or neither
/// @param direct networks in CIDR notation that are connected to without it
public record ProxySettings(
    String host, int port, Optional<String> user, Optional<String> password, List<String> direct) {
  private static final int HIGHEST_PORT = 65_535;

  /// @throws IllegalArgumentException naming the key and what it may be
  public ProxySettings {
    require(
        host.matches("[A-Za-z0-9._-]{1,253}|[0-9a-fA-F:]{2,45}")
            && port >= 1
            && port <= HIGHEST_PORT,
        "proxy must be host:port, as in proxy.internal:3128 or [::1]:3128");
    require(
        user.isPresent() == password.isPresent(),
        "proxy user and proxy password must be given together");
    require(
        user.filter(name -> name.indexOf(':') >= 0).isEmpty(), "proxy user must not have a colon");
    direct = List.copyOf(direct);
    EgressSettings.networks("proxy except", direct);
  }

  /// @param text `host:port`, an IPv6 address in brackets
  /// @throws IllegalArgumentException naming the key and what it may be
  public static ProxySettings parse(
      String text, Optional<String> user, Optional<String> password, List<String> direct) {
    int colon = text.lastIndexOf(':');
    var host = colon < 0 ? text : text.substring(0, colon);
    var port = colon < 0 ? "" : text.substring(colon + 1);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return new ProxySettings(
        bracketed ? host.substring(1, host.length() - 1) : host.indexOf(':') < 0 ? host : "",
        port.matches("\\d{1,5}") ? Integer.parseInt(port) : 0,
        user,
        password,
        direct);
  }

  /// @param resolver for the proxy's own name
  Tunnel tunnel(Dns resolver) {
    List<Network> networks = EgressSettings.networks("proxy except", direct);
    return new Tunnel(host, port, authorization().orElse(null), networks, resolver);
  }

  private Optional<String> authorization() {
    return user.map(name -> {
      var both = (name + ":" + password.orElseThrow()).getBytes(UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(both);
    });
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  @Override
  public String toString() {
    return "proxy " + host + ":" + port;
  }
}
