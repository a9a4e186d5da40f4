package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.egress.guard.AddressPolicy;
import dev.fanfare.dispatcher.egress.signature.Ed25519Secret;
import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReading;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes, shows and removes subscriptions. Thread-safe.
public final class Subscriptions {
  private static final String TOKEN_URL = "/authentication/token_url";
  private static final int SECRET_BYTES = 32;
  private static final Duration LONGEST_SCHEDULE = Duration.ofHours(24);

  private final KnownSubscriptions known;
  private final ControlTopic topic;
  private final Rules rules;
  private final InstantSource clock;
  private final Dice dice = new Dice();

  /// What a subscription must be.
  ///
  /// @param reader what the dispatcher itself can work with
  /// @param policy where it may be sent
  public record Rules(SubscriptionReader reader, AddressPolicy policy, EventCatalogue catalogue) {}

  /// What became of a wish to remove one.
  public sealed interface Removal {
    record Removed() implements Removal {}

    record Unknown() implements Removal {}

    /// Kafka has not acknowledged it.
    record Unavailable(String why) implements Removal {}
  }

  /// @param topic of subscriptions
  public Subscriptions(
      KnownSubscriptions known, ControlTopic topic, Rules rules, InstantSource clock) {
    this.known = known;
    this.topic = topic;
    this.rules = rules;
    this.clock = clock;
  }

  /// Everything that is wrong with a wish; empty when nothing is.
  public List<RequestProblem> problems(SubscriptionSpec spec) {
    return problems(spec, record(spec));
  }

  public Creation create(SubscriptionSpec spec) {
    var record = record(spec);
    var problems = problems(spec, record);
    if (!problems.isEmpty()) {
      return new Creation.Refused(problems);
    }
    return switch (topic.write(record.getId(), record)) {
      case Written.Acknowledged _ ->
          new Creation.Created(SubscriptionRecords.view(record), SubscriptionRecords.keys(record));
      case Written.Failed(var why) -> new Creation.Unavailable(why);
    };
  }

  public Optional<SubscriptionView> find(String id) {
    return known.stored(id).map(SubscriptionRecords::view);
  }

  /// What receivers of this subscription need to check signatures.
  public Optional<ReceiverKeys> keys(String id) {
    return known.stored(id).map(SubscriptionRecords::keys);
  }

  /// In the order in which they were made.
  ///
  /// @param tenant only of this one; null for all
  /// @param after what the page before ended with; null for the first
  public Page<SubscriptionView> list(@Nullable String tenant, @Nullable String after, int limit) {
    return Page.of(
            known.stored().stream().filter(it -> tenant == null || it.getTenant().equals(tenant)),
            Subscriptions::place,
            after,
            limit)
        .map(SubscriptionRecords::view);
  }

  /// Whether a tenant has any.
  public boolean exist(String tenant) {
    return known.stored().stream().anyMatch(it -> it.getTenant().equals(tenant));
  }

  public Removal remove(String id) {
    if (known.stored(id).isEmpty()) {
      return new Removal.Unknown();
    }
    return switch (topic.write(id, null)) {
      case Written.Acknowledged _ -> new Removal.Removed();
      case Written.Failed(var why) -> new Removal.Unavailable(why);
    };
  }

  /// Where one stands in a list: by time, then by id.
  private static String place(Subscription stored) {
    return "%016d:%s".formatted(stored.getCreatedAt().toEpochMilli(), stored.getId());
  }

  private Subscription record(SubscriptionSpec spec) {
    return SubscriptionRecords.newRecord(
        dice.subscriptionId(), spec, secrets(spec.signing()), now());
  }

  private List<Secret> secrets(String signing) {
    var secrets = new ArrayList<Secret>();
    if (!signing.equals("ed25519")) {
      secrets.add(HmacSecret.generate(dice.bytes(SECRET_BYTES)));
    }
    if (signing.equals("ed25519") || signing.equals("both")) {
      secrets.add(Ed25519Secret.generate(dice.bytes(Ed25519Secret.SEED)));
    }
    return secrets;
  }

  private List<RequestProblem> problems(SubscriptionSpec spec, Subscription record) {
    var problems = new ArrayList<RequestProblem>();
    var urlProblems = rules.policy.checkUrl(spec.url());
    urlProblems.forEach(it -> problems.add(new RequestProblem("/url", it)));
    spec.authentication()
        .flatMap(AuthenticationSpec::tokenUrl)
        .map(url -> rules.policy.checkUrl(url))
        .filter(found -> !found.isEmpty())
        .ifPresent(found -> problems.add(new RequestProblem(TOKEN_URL, String.join("; ", found))));
    if (rules.reader.read(record, now()) instanceof SubscriptionReading.Refused(var found)) {
      found.stream()
          .filter(it -> urlProblems.isEmpty() || !it.pointer().equals("/url"))
          .filter(it -> problems.stream().noneMatch(told -> isTokenUrl(told, it.pointer())))
          .forEach(it -> problems.add(new RequestProblem(it.pointer(), it.detail())));
    }
    checkTypes(spec, problems);
    if (spec.retrySchedule().stream()
            .reduce(Duration.ZERO, Duration::plus)
            .compareTo(LONGEST_SCHEDULE)
        > 0) {
      problems.add(new RequestProblem("/retry_schedule", "must not be longer than 24h altogether"));
    }
    return problems;
  }

  private static boolean isTokenUrl(RequestProblem told, String pointer) {
    return pointer.equals(TOKEN_URL) && told.pointer().equals(TOKEN_URL);
  }

  /// Against the catalogue of today: what nobody ever sends would be waited for without end.
  private void checkTypes(SubscriptionSpec spec, List<RequestProblem> problems) {
    for (int i = 0; i < spec.eventTypes().size(); i++) {
      var pointer = "/event_types/" + i;
      boolean told = problems.stream().anyMatch(it -> it.pointer().equals(pointer));
      if (!told && !rules.catalogue.isUsable(spec.eventTypes().get(i))) {
        problems.add(new RequestProblem(pointer, "selects no event type; see GET /v1/event-types"));
      }
    }
    var pin = spec.schemaVersion();
    boolean told = problems.stream().anyMatch(it -> it.pointer().equals("/schema_version"));
    if (!told
        && pin.isPresent()
        && rules.catalogue.types().stream()
            .noneMatch(type -> type.version(pin.get()).isPresent())) {
      problems.add(new RequestProblem("/schema_version", "is no version; see GET /v1/event-types"));
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
