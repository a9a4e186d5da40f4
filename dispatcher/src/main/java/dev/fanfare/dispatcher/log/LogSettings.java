package dev.fanfare.dispatcher.log;

import dev.fanfare.schemas.id.TenantId;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// @param directory where the stores lie; no other process may use it
/// @param retention of a delivery in the log, from when it was opened
/// @param maxBytes of payloads and histories in all partitions; beyond that the oldest go
/// @param statistics how long the minutes are kept
/// @param threads that take records in
/// @param commitInterval how long changes gather before they are durable and seen by the live log
/// @param standbys copies of each partition at other instances
/// @param memory of all stores together
/// @param peers how other instances are found and let in
/// @param privacy what is not kept
/// @param readers of the live log, at most
/// @param balanceEvery how often the ledger is balanced
public record LogSettings(
    Path directory,
    Duration retention,
    long maxBytes,
    Duration statistics,
    int threads,
    Duration commitInterval,
    int standbys,
    long memory,
    Peering peers,
    Privacy privacy,
    int readers,
    Duration balanceEvery) {
  private static final Duration LONGEST_LIFE = Duration.ofHours(24);

  /// `toString` does not show the key.
  ///
  /// @param advertised `host:port` under which other instances reach this one; empty for where the
  ///   HTTP server listens
  /// @param key that instances show each other; empty for the API's
  public record Peering(Optional<String> advertised, Optional<String> key) {
    private static final Pattern ADDRESS =
        Pattern.compile("(\\[[0-9A-Fa-f:.]+]|[^\\s:/\\[\\]]+):(\\d{1,5})");
    private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{16,256}");

    /// @throws IllegalArgumentException if the address has no port, or the key is too short
    public Peering {
      if (advertised.isPresent() && !ADDRESS.matcher(advertised.get()).matches()) {
        throw new IllegalArgumentException("advertised must be host:port");
      }
      if (key.isPresent() && !KEY.matcher(key.get()).matches()) {
        throw new IllegalArgumentException(
            "peer_key must be 16 to 256 visible ASCII characters without spaces");
      }
    }

    @Override
    public String toString() {
      return advertised.orElse("where it listens");
    }
  }

  /// @param recipients tenants whose recipients are not kept; `*` for all
  /// @param bodies tenants whose payloads and answers' bodies are not kept; `*` for all
  public record Privacy(Set<String> recipients, Set<String> bodies) {
    private static final String ALL = "*";

    /// @throws IllegalArgumentException if one can't be a tenant
    public Privacy {
      recipients = Set.copyOf(recipients);
      bodies = Set.copyOf(bodies);
      require("redact_recipients", recipients);
      require("redact_bodies", bodies);
    }

    private static void require(String name, Set<String> tenants) {
      for (var tenant : tenants) {
        if (!tenant.equals(ALL) && !TenantId.isValid(tenant)) {
          throw new IllegalArgumentException(name + " must list tenants, or be [\"*\"]");
        }
      }
    }
  }

  /// @throws IllegalArgumentException if a delivery could be forgotten before it has ended
  public LogSettings {
    if (retention.compareTo(LONGEST_LIFE) < 0) {
      throw new IllegalArgumentException(
          "retention must be at least 24h, the time that a delivery may take");
    }
    if (threads < 1 || standbys < 0 || readers < 1 || memory < 1 || maxBytes < 1) {
      throw new IllegalArgumentException("threads, readers, memory and max_bytes must be positive");
    }
  }
}
