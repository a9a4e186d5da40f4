package dev.fanfare.dispatcher.subscription.reading;

import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.subscription.Endpoint;
import dev.fanfare.dispatcher.subscription.Limits;
import dev.fanfare.dispatcher.subscription.Selector;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.schemas.id.SubscriptionId;
import dev.fanfare.schemas.id.TenantId;
import dev.fanfare.schemas.json.Version;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What stands in the table for a stored subscription that cannot be used, so that nothing of it is
/// lost: paused, hence its events are made and wait, and nothing is sent.
///
/// Of its conditions those hold that could be read, so it gets too many events rather than too few.
/// It depends on the record alone, so every process makes the same of it. One that is disabled
/// stays disabled.
public final class StandIn {
  /// Resolves nowhere (RFC 6761 section 6.4); a paused subscription's is never called.
  private static final URI NOWHERE = URI.create("https://unusable.invalid/");

  /// Signs nothing, as nothing is sent.
  private static final SigningKeys KEYS =
      new SigningKeys(List.of(HmacSecret.generate(new byte[32])));

  private static final String STANDARD = "standard";

  private StandIn() {}

  /// For a record that was understood in part. Empty when its tenant is no tenant, so that no event
  /// could be its.
  ///
  /// @param id the record's key
  public static Optional<Subscription> of(
      SubscriptionId id, dev.fanfare.schemas.avro.Subscription stored) {
    if (!TenantId.isValid(stored.getTenant())) {
      return Optional.empty();
    }
    boolean disabled = stored.getStatus().equals(Status.DISABLED.code());
    var selector = SelectorReader.read(stored.getEventTypes(), stored.getFilter(), new Problems());
    boolean typesUnread = selector.eventTypes().size() < stored.getEventTypes().size();
    return Optional.of(
        standIn(
            id,
            new TenantId(stored.getTenant()),
            disabled ? Status.DISABLED : Status.PAUSED,
            typesUnread ? new Selector(List.of(Selector.ALL), selector.conditions()) : selector,
            SubscriptionReader.FORMATS.contains(stored.getFormat()) ? stored.getFormat() : STANDARD,
            Optional.ofNullable(stored.getSchemaVersion())
                .filter(version -> Version.find(version).isPresent())));
  }

  /// For a record of which nothing could be read, while nothing better is known: what waits for it
  /// goes on waiting; whose events it wants is unknown.
  public static Subscription unread(SubscriptionId id) {
    return standIn(
        id,
        new TenantId("unread"),
        Status.PAUSED,
        new Selector(List.of()),
        STANDARD,
        Optional.empty());
  }

  /// The last one that was good, for a record of which nothing could be read.
  public static Subscription paused(Subscription last) {
    return new Subscription(
        last.id(),
        last.tenant(),
        last.status() == Status.DISABLED ? Status.DISABLED : Status.PAUSED,
        last.selector(),
        last.endpoint(),
        last.limits(),
        last.format(),
        last.schemaVersion(),
        last.schedule());
  }

  private static Subscription standIn(
      SubscriptionId id,
      TenantId tenant,
      Status status,
      Selector selector,
      String format,
      Optional<String> schemaVersion) {
    return new Subscription(
        id,
        tenant,
        status,
        selector,
        new Endpoint(NOWHERE, Map.of(), KEYS, Optional.empty(), Optional.empty()),
        Limits.NONE,
        format,
        schemaVersion,
        Optional.empty());
  }
}
