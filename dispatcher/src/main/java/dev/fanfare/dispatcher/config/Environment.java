package dev.fanfare.dispatcher.config;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// The variables `FANFARE_…`. A key's variable is its path in capitals with `_` for each dot:
/// `api.port` is `FANFARE_API_PORT`. Kafka's and the registry's own properties are taken the same
/// way, their underscores read as dots: `FANFARE_KAFKA_SSL_TRUSTSTORE_LOCATION` is
/// `ssl.truststore.location` under `kafka`. Remembers what was asked for, so that a misspelt
/// variable is found.
final class Environment {
  private static final String PREFIX = "FANFARE_";

  /// Read by the launcher, by the client commands and by `logback.xml`, not by the configuration.
  private static final Set<String> RESERVED =
      Set.of(
          "FANFARE_URL",
          "FANFARE_API_KEY",
          "FANFARE_CONFIG",
          "FANFARE_HOME",
          "FANFARE_JAVA_HOME",
          "FANFARE_JAVA_OPTS",
          "FANFARE_LOG_FORMAT",
          "FANFARE_LOG_LEVEL",
          "FANFARE_LOG_LIBRARIES",
          "FANFARE_LOG_ATTEMPTS");

  /// What Kubernetes gives every container of a namespace with a service called `fanfare…`.
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          "FANFARE_(.+_)?(SERVICE_HOST|SERVICE_PORT(_\\w+)?|PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)");

  private static final Pattern SERVICE_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private final Map<String, String> variables = new TreeMap<>();
  private final Set<String> asked = new HashSet<>();

  Environment(Map<String, String> all) {
    all.forEach((name, value) -> {
      if (name.startsWith(PREFIX)) {
        variables.put(name, value);
      }
    });
  }

  static String variable(String path) {
    return PREFIX + path.toUpperCase(Locale.ROOT).replace('.', '_');
  }

  /// The value that overrides a key, or empty.
  Optional<Entry.Scalar> override(String path) {
    var name = variable(path);
    asked.add(name);
    var value = variables.get(name);
    return value == null || isServiceLink(name, value)
        ? Optional.empty()
        : Optional.of(new Entry.Scalar(value, name));
  }

  /// Everything below a path that nobody asked for before, as properties with dots.
  Map<String, Entry.Scalar> propertiesBelow(String path) {
    var start = variable(path) + "_";
    var properties = new LinkedHashMap<String, Entry.Scalar>();
    variables.forEach((name, value) -> {
      if (name.startsWith(start) && !isServiceLink(name, value) && asked.add(name)) {
        var property = name.substring(start.length()).toLowerCase(Locale.ROOT);
        properties.put(property.replace('_', '.'), new Entry.Scalar(value, name));
      }
    });
    return properties;
  }

  /// Variables that stand for no key.
  List<String> unknown() {
    return variables.entrySet().stream()
        .filter(variable -> !asked.contains(variable.getKey()))
        .filter(variable -> !RESERVED.contains(variable.getKey()))
        .filter(variable -> !isServiceLink(variable.getKey(), variable.getValue()))
        .map(Map.Entry::getKey)
        .toList();
  }

  /// `FANFARE_API_PORT` is a key's variable and, beside a service called `fanfare-api`, also what
  /// Kubernetes sets to `tcp://10.0.0.1:8080`; no port is written like that.
  private static boolean isServiceLink(String name, String value) {
    return SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT") && SERVICE_ADDRESS.matcher(value).matches());
  }
}
