package dev.fanfare.dispatcher.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import dev.fanfare.dispatcher.egress.Egress;
import dev.fanfare.dispatcher.egress.Post;
import dev.fanfare.dispatcher.egress.Preflight;
import dev.fanfare.dispatcher.egress.Preflight.Consent;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.reading.ProvenEndpoint;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReading;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;

/// Asks endpoints whether they want deliveries, and writes down what they say. It goes the way of
/// every delivery, guard included, and nothing is repeated. Thread-safe.
///
/// - `handshake`: `OPTIONS` as in CloudEvents' HTTP Webhook 1.0 section 4; what consents is the
///   answer's header fields, whatever its status says.
/// - `challenge`: a signed POST of `endpoint.verification` with a token by chance, which the answer
///   has to hold.
public final class Ownership {
  private static final int MOST_AT_ONCE = 32;
  private static final int TOKEN_BYTES = 24;
  private static final JsonFactory JSON = new JsonFactory();

  private final KnownSubscriptions known;
  private final Subscriptions subscriptions;
  private final Ways ways;
  private final OwnershipSettings settings;
  private final Duration usualTimeout;
  private final InstantSource clock;
  private final Dice dice = new Dice();
  private final Semaphore places = new Semaphore(MOST_AT_ONCE);

  /// How endpoints are reached.
  public record Ways(SubscriptionReader reader, Egress egress, Preflight preflight) {}

  /// What an endpoint has said.
  sealed interface Finding {
    /// @param origin by which it knows us; empty without a handshake
    /// @param ratePerMinute that it allows; empty for any
    record Consents(Optional<String> origin, OptionalLong ratePerMinute) implements Finding {}

    record Fails(String why) implements Finding {}
  }

  public Ownership(
      KnownSubscriptions known,
      Subscriptions subscriptions,
      Ways ways,
      OwnershipSettings settings,
      Duration usualTimeout,
      InstantSource clock) {
    this.known = known;
    this.subscriptions = subscriptions;
    this.ways = ways;
    this.settings = settings;
    this.usualTimeout = usualTimeout;
    this.clock = clock;
  }

  /// Asks, whatever is known already.
  public Change<SubscriptionView> verify(String id) {
    var stored = known.stored(id);
    if (stored.isEmpty()) {
      return new Change.Unknown<>();
    }
    var method = VerificationRecords.method(stored.get());
    if (method.equals(ProvenEndpoint.NONE)) {
      return new Change.Conflict<>("nothing is asked of its endpoint: set verify first");
    }
    if (!(ways.reader().read(stored.get(), clock.instant())
        instanceof SubscriptionReading.Read(Subscription subscription, _))) {
      return new Change.Conflict<>("the subscription can't be used as it is stored; change it");
    }
    if (!places.tryAcquire()) {
      return new Change.Unavailable<>("too many endpoints are being asked at the same time");
    }
    Finding finding;
    try {
      finding =
          method.equals(ProvenEndpoint.HANDSHAKE)
              ? handshake(subscription)
              : challenge(subscription);
    } finally {
      places.release();
    }
    return subscriptions.proven(id, stored.get().getUrl(), method, finding);
  }

  private Finding handshake(Subscription subscription) {
    if (settings.origin().isEmpty()) {
      return new Finding.Fails("the configuration names no ownership.origin");
    }
    var origin = settings.origin().get();
    var headers = new HashMap<String, String>();
    headers.put(ProvenEndpoint.ORIGIN_FIELD, origin);
    var rate = subscription.limits().ratePerSecond();
    if (rate.isPresent()) {
      headers.put(
          "WebHook-Request-Rate", "" + Math.max(1, (long) Math.ceil(rate.getAsDouble() * 60)));
    }
    return switch (ways.preflight().ask(subscription.endpoint().url(), headers)) {
      case Consent.Unanswered(var why) -> new Finding.Fails(why);
      case Consent.Answered answered -> consent(answered, origin, rate.isPresent());
    };
  }

  private static Finding consent(Consent.Answered answered, String origin, boolean rateWasAsked) {
    if (answered.status() / 100 == 3) {
      return new Finding.Fails("it answers with a redirect");
    }
    var allowed = answered.header("WebHook-Allowed-Origin").map(String::strip).orElse("");
    if (!allowed.equals("*") && !allowed.equalsIgnoreCase(origin)) {
      return new Finding.Fails(
          allowed.isEmpty()
              ? "its answer lacks WebHook-Allowed-Origin"
              : "its WebHook-Allowed-Origin is neither " + origin + " nor *");
    }
    var rate = answered.header("WebHook-Allowed-Rate").map(String::strip).orElse("");
    if (rate.equals("*") || (rate.isEmpty() && !rateWasAsked)) {
      return new Finding.Consents(Optional.of(origin), OptionalLong.empty());
    }
    return rate.matches("[1-9]\\d{0,8}")
        ? new Finding.Consents(Optional.of(origin), OptionalLong.of(Long.parseLong(rate)))
        : new Finding.Fails("its answer lacks a WebHook-Allowed-Rate: * or requests a minute");
  }

  private Finding challenge(Subscription subscription) {
    var token = Base64.getUrlEncoder().withoutPadding().encodeToString(dice.bytes(TOKEN_BYTES));
    return switch (ways.egress().post(post(subscription, token))) {
      case Reply.Blocked(var address, _) -> new Finding.Fails("nothing is sent to " + address);
      case Reply.Unanswered(var fault, _, _) ->
          new Finding.Fails("no answer (" + fault.code() + ")");
      case Reply.Answered answered when answered.status() / 100 != 2 ->
          new Finding.Fails("it answers with " + answered.status());
      case Reply.Answered answered ->
          holds(UTF_8.decode(answered.body().duplicate()).toString(), token)
              ? new Finding.Consents(Optional.empty(), OptionalLong.empty())
              : new Finding.Fails("its answer does not hold the challenge");
    };
  }

  private Post post(Subscription subscription, String token) {
    var now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
    var body =
        "{\"type\":\"endpoint.verification\",\"timestamp\":\"%s\",\"data\":{\"subscription_id\":\"%s\",\"challenge\":\"%s\"}}"
            .formatted(now, subscription.id().value(), token);
    var endpoint = subscription.endpoint();
    return new Post(
        subscription.id().value(),
        endpoint.url(),
        dice.eventId().value(),
        1,
        ByteBuffer.wrap(body.getBytes(UTF_8)),
        "application/json",
        Map.copyOf(endpoint.headers()),
        endpoint.keys(),
        endpoint.credential(),
        endpoint.timeout().orElse(usualTimeout),
        Optional.empty());
  }

  /// The token alone, or `{"challenge": token}`. What only sends back what it got has it elsewhere.
  private static boolean holds(String answer, String token) {
    return isToken(answer.strip(), token)
        || challengeIn(answer).filter(it -> isToken(it, token)).isPresent();
  }

  private static boolean isToken(String given, String token) {
    return MessageDigest.isEqual(given.getBytes(UTF_8), token.getBytes(UTF_8));
  }

  private static Optional<String> challengeIn(String answer) {
    try (var parser = JSON.createParser(answer)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        return Optional.empty();
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var name = parser.currentName();
        if (parser.nextToken() == JsonToken.VALUE_STRING && name.equals("challenge")) {
          return Optional.of(parser.getText());
        }
        var _ = parser.skipChildren();
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty(); // no JSON holds nothing
    }
  }
}
