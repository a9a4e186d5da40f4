package dev.fanfare.dispatcher.subscription.reading;

import static dev.fanfare.dispatcher.subscription.reading.Problems.below;

import dev.fanfare.dispatcher.subscription.Endpoint;
import dev.fanfare.dispatcher.subscription.Limits;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.retry.ladder.RetrySchedule;
import dev.fanfare.schemas.id.SubscriptionId;
import dev.fanfare.schemas.id.TenantId;
import dev.fanfare.schemas.json.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Reads a stored subscription into one that can be used, or says everything that is wrong with it.
/// The API asks it before it stores one, the feed after: what is accepted is understood. Whether an
/// event type exists is for the API to check, with the catalogue of the day: an older process must
/// not refuse what a newer one has stored. Immutable.
///
/// @param plainHttpAllowed whether a URL may begin with `http://`
public record SubscriptionReader(boolean plainHttpAllowed) {
  public static final Set<String> FORMATS =
      Set.of("standard", "cloudevents-binary", "cloudevents-structured");

  static final Duration SHORTEST_TIMEOUT = Duration.ofSeconds(1);
  static final Duration LONGEST_TIMEOUT = Duration.ofSeconds(30);
  static final Duration SHORTEST_WAIT = Duration.ofSeconds(1);
  static final Duration LONGEST_WAIT = Duration.ofHours(24);
  static final int MOST_WAITS = 50;
  static final double HIGHEST_RATE = 1_000_000;
  static final int HIGHEST_CONCURRENCY = 10_000;
  static final int LONGEST_DESCRIPTION = 1_024;

  /// @param now tells which of its secrets are live
  public SubscriptionReading read(dev.fanfare.schemas.avro.Subscription stored, Instant now) {
    var problems = new Problems();
    checkId(stored.getId(), "/id", SubscriptionId::isValid, problems);
    checkId(stored.getTenant(), "/tenant", TenantId::isValid, problems);
    var status = status(stored, problems);
    var selector = SelectorReader.read(stored.getEventTypes(), stored.getFilter(), problems);
    var url = EndpointReader.url(stored.getUrl(), "/url", plainHttpAllowed, problems);
    var headers = EndpointReader.headers(stored.getHeaders(), problems);
    var keys = SecretsReader.keys(stored.getSigning(), stored.getSecrets(), now, problems);
    var credential =
        AuthenticationReader.credential(
            stored.getAuthentication(), headers, plainHttpAllowed, problems);
    var timeout = timeout(stored.getTimeoutMs(), problems);
    var limits = limits(stored, problems);
    var schedule = schedule(stored.getRetryScheduleMs(), problems);
    checkForm(stored, problems);
    if (!problems.isEmpty() || url.isEmpty() || keys.isEmpty()) {
      return new SubscriptionReading.Refused(problems.found());
    }
    return new SubscriptionReading.Read(
        new Subscription(
            new SubscriptionId(stored.getId()),
            new TenantId(stored.getTenant()),
            status,
            selector,
            new Endpoint(
                url.get(),
                ProvenEndpoint.headers(stored, headers),
                keys.get(),
                credential,
                timeout),
            limits,
            stored.getFormat(),
            Optional.ofNullable(stored.getSchemaVersion()),
            schedule),
        SecretsReader.firstEnd(stored.getSecrets(), now));
  }

  private static void checkId(
      String id, String pointer, Predicate<String> isValid, Problems problems) {
    problems.require(isValid.test(id), pointer, "must be 1 to 64 characters of A-Z a-z 0-9 _ -");
  }

  private static Status status(dev.fanfare.schemas.avro.Subscription stored, Problems problems) {
    var status = Status.find(stored.getStatus());
    problems.require(status.isPresent(), "/status", "must be active, paused or disabled");
    return status
        .filter(it -> it != Status.ACTIVE || ProvenEndpoint.isProven(stored))
        .orElse(Status.PAUSED);
  }

  private static void checkForm(dev.fanfare.schemas.avro.Subscription stored, Problems problems) {
    problems.require(
        FORMATS.contains(stored.getFormat()),
        "/format",
        "must be standard, cloudevents-binary or cloudevents-structured");
    var version = stored.getSchemaVersion();
    problems.require(
        version == null || Version.find(version).isPresent(),
        "/schema_version",
        "must be written as 1.0");
    var description = stored.getDescription();
    problems.require(
        description == null || description.length() <= LONGEST_DESCRIPTION,
        "/description",
        "must have at most " + LONGEST_DESCRIPTION + " characters");
  }

  private static Optional<Duration> timeout(@Nullable Long millis, Problems problems) {
    if (millis == null) {
      return Optional.empty();
    }
    var timeout = Duration.ofMillis(millis);
    problems.require(
        timeout.compareTo(SHORTEST_TIMEOUT) >= 0 && timeout.compareTo(LONGEST_TIMEOUT) <= 0,
        "/timeout",
        "must be from 1s to 30s");
    return Optional.of(timeout);
  }

  private static Limits limits(dev.fanfare.schemas.avro.Subscription stored, Problems problems) {
    var rate = stored.getRateLimitPerSecond();
    problems.require(
        rate == null || (rate > 0 && rate <= HIGHEST_RATE),
        "/rate_limit_per_second",
        "must be positive and at most 1000000");
    var concurrency = stored.getMaxConcurrency();
    problems.require(
        concurrency == null || (concurrency >= 1 && concurrency <= HIGHEST_CONCURRENCY),
        "/max_concurrency",
        "must be from 1 to " + HIGHEST_CONCURRENCY);
    return new Limits(
        ProvenEndpoint.rate(
            stored, rate == null ? OptionalDouble.empty() : OptionalDouble.of(rate)),
        concurrency == null ? OptionalInt.empty() : OptionalInt.of(concurrency));
  }

  private static Optional<RetrySchedule> schedule(List<Long> waitsMillis, Problems problems) {
    var pointer = "/retry_schedule";
    if (waitsMillis.isEmpty()
        || !problems.require(
            waitsMillis.size() <= MOST_WAITS,
            pointer,
            "must have at most " + MOST_WAITS + " entries")) {
      return Optional.empty();
    }
    boolean good = true;
    for (int i = 0; i < waitsMillis.size(); i++) {
      var wait = Duration.ofMillis(waitsMillis.get(i));
      good &=
          problems.require(
              wait.compareTo(SHORTEST_WAIT) >= 0 && wait.compareTo(LONGEST_WAIT) <= 0,
              below(pointer, i),
              "must be from 1s to 24h");
    }
    return good
        ? Optional.of(new RetrySchedule(waitsMillis.stream().map(Duration::ofMillis).toList()))
        : Optional.empty();
  }
}
