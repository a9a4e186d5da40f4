package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.egress.signature.Ed25519Secret;
import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.subscription.reading.ProvenEndpoint;
import dev.fanfare.schemas.avro.Filter;
import dev.fanfare.schemas.avro.SigningSecret;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.avro.Verification;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Between what is asked for and the record that is stored. Decides only.
final class SubscriptionRecords {
  private SubscriptionRecords() {}

  static Subscription newRecord(
      String id, SubscriptionSpec spec, String verify, List<Secret> secrets, Instant now) {
    return with(Subscription.newBuilder(), spec)
        .setVerification(VerificationRecords.wished(verify, spec.url(), null))
        .setId(id)
        .setTenant(spec.tenant())
        .setStatus("active")
        .setSecrets(secrets.stream().map(secret -> signingSecret(secret, now)).toList())
        .setCreatedAt(now)
        .setUpdatedAt(now)
        .setVersion(1)
        .build();
  }

  /// The record after a change of what its owner describes; whose it is stays.
  ///
  /// @param verify what its endpoint has to show
  /// @param secrets those that it has to have besides
  static Subscription changed(
      Subscription before,
      SubscriptionSpec spec,
      String verify,
      List<Secret> secrets,
      Instant now) {
    var all = new ArrayList<>(before.getSecrets());
    secrets.forEach(secret -> all.add(signingSecret(secret, now)));
    return next(
        with(Subscription.newBuilder(before), spec)
            .setVerification(VerificationRecords.wished(verify, spec.url(), before))
            .setSecrets(all),
        now);
  }

  static Subscription withStatus(Subscription before, String status, Instant now) {
    return next(Subscription.newBuilder(before).setStatus(status).setStatusReason(null), now);
  }

  static Subscription withVerification(
      Subscription before, Verification verification, Instant now) {
    return next(Subscription.newBuilder(before).setVerification(verification), now);
  }

  static Subscription withSecrets(Subscription before, List<SigningSecret> secrets, Instant now) {
    return next(Subscription.newBuilder(before).setSecrets(secrets), now);
  }

  private static Subscription next(Subscription.Builder builder, Instant now) {
    return builder.setUpdatedAt(now).setVersion(builder.getVersion() + 1).build();
  }

  private static Subscription.Builder with(Subscription.Builder builder, SubscriptionSpec spec) {
    return builder
        .setUrl(spec.url())
        .setEventTypes(spec.eventTypes())
        .setFilter(spec.filter().map(SubscriptionRecords::filter).orElse(null))
        .setDescription(spec.description().orElse(null))
        .setHeaders(spec.headers())
        .setAuthentication(
            AuthenticationRecords.record(spec.authentication(), builder.getAuthentication()))
        .setSigning(spec.signing())
        .setFormat(spec.format())
        .setSchemaVersion(spec.schemaVersion().orElse(null))
        .setRetryScheduleMs(spec.retrySchedule().stream().map(Duration::toMillis).toList())
        .setTimeoutMs(spec.timeout().map(Duration::toMillis).orElse(null))
        .setRateLimitPerSecond(
            spec.rateLimitPerSecond().isPresent() ? spec.rateLimitPerSecond().getAsDouble() : null)
        .setMaxConcurrency(
            spec.maxConcurrency().isPresent() ? spec.maxConcurrency().getAsInt() : null);
  }

  private static Filter filter(SubscriptionSpec.Filter filter) {
    return Filter.newBuilder()
        .setInboxes(filter.inboxes())
        .setRecipientDomains(filter.recipientDomains())
        .setTags(filter.tags())
        .setStreams(filter.streams())
        .setFields(new HashMap<>(filter.fields()))
        .setExpression(filter.expression().orElse(null))
        .build();
  }

  static SigningSecret signingSecret(Secret secret, Instant now) {
    return SigningSecret.newBuilder()
        .setKind(secret.kind())
        .setMaterial(secret.material())
        .setCreatedAt(now)
        .build();
  }

  static SubscriptionView view(Subscription stored) {
    boolean held = stored.getStatus().equals("active") && !ProvenEndpoint.isProven(stored);
    return new SubscriptionView(
        stored.getId(),
        spec(stored),
        held ? "paused" : stored.getStatus(),
        held ? Optional.of("unverified") : Optional.ofNullable(stored.getStatusReason()),
        keys(stored).publicKey(),
        VerificationRecords.view(stored),
        stored.getCreatedAt(),
        stored.getUpdatedAt(),
        stored.getVersion());
  }

  private static SubscriptionSpec spec(Subscription stored) {
    var timeout = stored.getTimeoutMs();
    var rate = stored.getRateLimitPerSecond();
    var concurrency = stored.getMaxConcurrency();
    return new SubscriptionSpec(
        stored.getTenant(),
        stored.getUrl(),
        stored.getEventTypes(),
        Optional.ofNullable(stored.getFilter()).map(SubscriptionRecords::spec),
        Optional.ofNullable(stored.getDescription()),
        stored.getHeaders(),
        Optional.ofNullable(stored.getAuthentication()).map(AuthenticationRecords::spec),
        stored.getSigning(),
        stored.getFormat(),
        Optional.ofNullable(stored.getSchemaVersion()),
        stored.getRetryScheduleMs().stream().map(Duration::ofMillis).toList(),
        timeout == null ? Optional.empty() : Optional.of(Duration.ofMillis(timeout)),
        rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate),
        concurrency == null ? OptionalInt.empty() : OptionalInt.of(concurrency),
        VerificationRecords.method(stored));
  }

  private static SubscriptionSpec.Filter spec(Filter filter) {
    return new SubscriptionSpec.Filter(
        filter.getInboxes(),
        filter.getRecipientDomains(),
        filter.getTags(),
        filter.getStreams(),
        filter.getFields(),
        Optional.ofNullable(filter.getExpression()));
  }

  /// The current keys: of each kind the first that is stored. One that can't be read is left out.
  static ReceiverKeys keys(Subscription stored) {
    Optional<String> shared = Optional.empty();
    Optional<String> publicKey = Optional.empty();
    for (var secret : stored.getSecrets()) {
      var read = secret(secret);
      if (read.isPresent() && read.get() instanceof Ed25519Secret pair) {
        publicKey = publicKey.or(() -> Optional.of(pair.publicKey().text()));
      } else if (read.isPresent()) {
        var text = read.get().reveal();
        shared = shared.or(() -> Optional.of(text));
      }
    }
    return new ReceiverKeys(shared, publicKey);
  }

  private static Optional<Secret> secret(SigningSecret secret) {
    if (secret.getKeyId() != null) {
      return Optional.empty(); // it could not be opened; the feed has told why
    }
    try {
      return Optional.of(Secret.of(secret.getKind(), secret.getMaterial()));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the feed tells that the subscription can't be used
    }
  }
}
