package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.guard.AddressPolicy;
import dev.fanfare.dispatcher.egress.guard.Network;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// How POSTs are made and where to.
///
/// @param connectTimeout for one TCP connection
/// @param readBytes how much of an answer's body is read before the connection is closed
/// @param keptBytes how much of it is kept
/// @param allowHttp whether URLs may be `http`; for development
/// @param allowedNetworks special networks in CIDR notation that may be connected to, e.g.
///   `127.0.0.0/8` for development
/// @param proxy through which all connections are made; empty for none
public record EgressSettings(
    Duration connectTimeout,
    int readBytes,
    int keptBytes,
    boolean allowHttp,
    List<String> allowedNetworks,
    Pools pools,
    Optional<ProxySettings> proxy) {
  public static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
  public static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);
  private static final int MOST_READ = 1 << 20;
  private static final int MOST_KEPT = 4096;

  public static final EgressSettings DEFAULT =
      new EgressSettings(
          Duration.ofSeconds(5),
          64 * 1024,
          MOST_KEPT,
          false,
          List.of(),
          Pools.DEFAULT,
          Optional.empty());

  /// @throws IllegalArgumentException naming the key and what it may be
  public EgressSettings {
    require(
        connectTimeout.isPositive() && connectTimeout.compareTo(LONGEST_TIMEOUT) <= 0,
        "connect timeout must be positive and at most 30s");
    require(readBytes >= 0 && readBytes <= MOST_READ, "read bytes must be 0 to 1048576");
    require(
        keptBytes >= 0 && keptBytes <= Math.min(MOST_KEPT, readBytes),
        "kept bytes must be 0 to 4096 and no more than read bytes");
    allowedNetworks = List.copyOf(allowedNetworks);
    networks("allowed networks", allowedNetworks);
  }

  /// Whether a subscription may ask for this timeout.
  public static boolean isTimeout(Duration timeout) {
    return timeout.compareTo(SHORTEST_TIMEOUT) >= 0 && timeout.compareTo(LONGEST_TIMEOUT) <= 0;
  }

  /// The policy that these settings amount to; also for the API's check of URLs at the door.
  public AddressPolicy policy() {
    return new AddressPolicy(allowHttp, networks("allowed networks", allowedNetworks));
  }

  /// These settings, `http` and the networks allowed besides: for development and tests.
  public EgressSettings allowing(String... networks) {
    var all = new ArrayList<>(allowedNetworks);
    all.addAll(List.of(networks));
    return new EgressSettings(connectTimeout, readBytes, keptBytes, true, all, pools, proxy);
  }

  /// These settings, all connections made through the proxy.
  public EgressSettings through(ProxySettings one) {
    return new EgressSettings(
        connectTimeout, readBytes, keptBytes, allowHttp, allowedNetworks, pools, Optional.of(one));
  }

  static List<Network> networks(String key, List<String> texts) {
    return texts.stream()
        .map(text -> {
          try {
            return Network.parse(text);
          } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
          }
        })
        .toList();
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  /// How connections are kept. Each endpoint has a pool of its own: the client searches a pool from
  /// front to back, so a shared one grows slower with every endpoint.
  ///
  /// @param most endpoints with connections kept; of more, the one unused for longest is dropped
  /// @param idleConnections kept for one endpoint
  /// @param idle how long an unused connection is kept. Below the 5 s after which the most
  ///   impatient common servers close theirs: a POST on a connection that the server is closing is
  ///   lost, and must not be repeated
  public record Pools(int most, int idleConnections, Duration idle) {
    public static final Pools DEFAULT = new Pools(2_000, 64, Duration.ofSeconds(4));

    /// @throws IllegalArgumentException naming the key and what it may be
    public Pools {
      require(most >= 1 && most <= 100_000, "pools must be 1 to 100000");
      require(idleConnections >= 0 && idleConnections <= 1_000, "idle connections: 0 to 1000");
      require(
          idle.isPositive() && idle.compareTo(Duration.ofMinutes(10)) <= 0,
          "idle must be positive and at most 10m");
    }
  }
}
