package dev.fanfare.dispatcher.log.topology;

import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.Delivery;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// What the log keeps of what it sees, and for how long.
///
/// @param retention of a delivery, from when it was opened
/// @param partitionBytes of payloads and histories in one partition; beyond that the oldest go
/// @param statistics how long minutes are kept
/// @param recipients tenants whose recipients are not kept; [#ANY] for all. A payload holds the
///   recipient, so it is not kept either
/// @param bodies tenants whose payloads and answers' bodies are not kept; [#ANY] for all
public record Keeping(
    Duration retention,
    long partitionBytes,
    Duration statistics,
    Set<String> recipients,
    Set<String> bodies) {
  public static final String ANY = "*";

  /// What stands where a recipient was.
  public static final String REDACTED = "[redacted]";

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  public Keeping {
    recipients = Set.copyOf(recipients);
    bodies = Set.copyOf(bodies);
  }

  private static boolean has(Set<String> tenants, String tenant) {
    return tenants.contains(ANY) || tenants.contains(tenant);
  }

  /// Whether everything of a tenant's may be kept as it is.
  boolean keepsAll(String tenant) {
    return !has(recipients, tenant) && !has(bodies, tenant);
  }

  /// The same one when all of it may be kept.
  Delivery kept(Delivery delivery) {
    boolean recipient = has(recipients, delivery.getTenant());
    if (!recipient && !has(bodies, delivery.getTenant())) {
      return delivery;
    }
    var copy = Delivery.newBuilder(delivery).setPayload(NOTHING);
    return (recipient ? copy.setRecipient(REDACTED) : copy).build();
  }

  /// The same one when all of it may be kept.
  Attempt kept(Attempt attempt) {
    boolean recipient = has(recipients, attempt.getTenant());
    boolean body = has(bodies, attempt.getTenant());
    if (!recipient && !body) {
      return attempt;
    }
    var copy = Attempt.newBuilder(attempt).setResponseBody(null).setResponseHeaders(Map.of());
    return (recipient ? copy.setRecipient(REDACTED) : copy).build();
  }
}
