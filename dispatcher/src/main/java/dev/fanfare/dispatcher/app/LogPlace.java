package dev.fanfare.dispatcher.app;

import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.schemas.topic.Topics;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Where this process's log is among its likes, and what it reads.
final class LogPlace {
  private static final Set<String> EVERYWHERE = Set.of("0.0.0.0", "::", "[::]");

  private LogPlace() {}

  /// What instances show each other: a key of their own, else the API's.
  static Optional<String> peerKey(FanfareConfig config) {
    return config.log().peers().key().or(() -> config.api().access().apiKey());
  }

  /// Labels by topic.
  static Map<String, String> rungs(DelayLadder ladder, Topics topics) {
    var rungs = new LinkedHashMap<String, String>();
    for (var rung : ladder.rungs()) {
      rungs.put(topics.retry(rung.label(), rung.delay()).name(), rung.label());
    }
    return rungs;
  }

  /// As advertised, else where the server listens; on all addresses, the machine's own.
  ///
  /// @param port of the server
  static InetSocketAddress self(FanfareConfig config, int port) {
    var advertised = config.log().peers().advertised();
    if (advertised.isPresent()) {
      var text = advertised.get();
      int colon = text.lastIndexOf(':');
      var host = text.substring(0, colon).replace("[", "").replace("]", "");
      return InetSocketAddress.createUnresolved(host, Integer.parseInt(text.substring(colon + 1)));
    }
    var host = config.api().host();
    return InetSocketAddress.createUnresolved(
        EVERYWHERE.contains(host) ? thisMachine() : host.replace("[", "").replace("]", ""), port);
  }

  private static String thisMachine() {
    try {
      return InetAddress.getLocalHost().getHostAddress();
    } catch (UnknownHostException e) {
      return "localhost"; // a machine without a name has no peers
    }
  }
}
