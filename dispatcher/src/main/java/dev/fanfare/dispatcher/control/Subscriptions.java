package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.control.DecidedWriter.Decided;
import dev.fanfare.dispatcher.control.DecidedWriter.Decision;
import dev.fanfare.dispatcher.control.RecordWriter.Keyed;
import dev.fanfare.dispatcher.egress.guard.AddressPolicy;
import dev.fanfare.dispatcher.egress.signature.Ed25519Secret;
import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.subscription.Place;
import dev.fanfare.dispatcher.subscription.Selector;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes, shows, changes and removes subscriptions. Two changes at the same time, on whichever
/// instances, are made one after the other. Thread-safe.
public final class Subscriptions {
  /// How long replaced secrets go on signing when nothing else is said.
  public static final Duration USUAL_OVERLAP = SecretRotation.USUAL_OVERLAP;

  private static final String TOKEN_URL = "/authentication/token_url";
  private static final int SECRET_BYTES = 32;
  private static final Duration CURRENT = Duration.ofSeconds(2);
  private static final Duration LONGEST_SCHEDULE = Duration.ofHours(24);

  private final KnownSubscriptions known;
  private final ControlTopic topic;
  private final DecidedWriter decided;
  private final Rules rules;
  private final InstantSource clock;
  private final Dice dice = new Dice();

  /// What a subscription must be.
  ///
  /// @param reader what the dispatcher itself can work with
  /// @param policy where it may be sent
  /// @param ownership what endpoints have to show
  public record Rules(
      SubscriptionReader reader,
      AddressPolicy policy,
      EventCatalogue catalogue,
      OwnershipSettings ownership) {}

  /// New secrets, and what became of the old ones.
  ///
  /// @param live how many sign now
  /// @param until when the ones before stop signing
  public record Rotated(ReceiverKeys keys, int live, Instant until) {}

  /// @param topic of subscriptions
  public Subscriptions(
      KnownSubscriptions known,
      ControlTopic topic,
      DecidedWriter decided,
      Rules rules,
      InstantSource clock) {
    this.known = known;
    this.topic = topic;
    this.decided = decided;
    this.rules = rules;
    this.clock = clock;
  }

  /// Everything that is wrong with a wish; empty when nothing is.
  public List<RequestProblem> problems(SubscriptionSpec spec) {
    return problems(spec, record(spec));
  }

  /// What a subscription like this would select.
  Change<Selector> selector(SubscriptionSpec spec) {
    var record = record(spec);
    var problems =
        problems(spec, record).stream().filter(it -> !it.pointer().equals("/url")).toList();
    return problems.isEmpty()
            && rules.reader.read(record, now()) instanceof SubscriptionReading.Read(var read, _)
        ? new Change.Done<>(read.selector())
        : new Change.Refused<>(problems);
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

  /// As it is now, whichever instance wrote it last.
  public Optional<SubscriptionView> find(String id) {
    return current(id).map(SubscriptionRecords::view);
  }

  /// What receivers of this subscription need to check signatures.
  public Optional<ReceiverKeys> keys(String id) {
    return current(id).map(SubscriptionRecords::keys);
  }

  /// While Kafka is away, what was known last.
  private Optional<Subscription> current(String id) {
    var _ = known.awaitCurrent(CURRENT);
    return known.stored(id);
  }

  /// In the order in which they were made.
  ///
  /// @param tenant only of this one; null for all
  /// @param after where the page before ended; null for the first
  public Page<SubscriptionView> list(@Nullable String tenant, @Nullable Place after, int limit) {
    var _ = known.awaitCurrent(CURRENT);
    return Page.next(known.stored(tenant, after), it -> Place.of(it).text(), limit)
        .map(SubscriptionRecords::view);
  }

  /// Whether a tenant has any.
  public boolean exist(String tenant) {
    return known.stored(tenant, null).findFirst().isPresent();
  }

  /// Describes it anew.
  ///
  /// @param basedOn the version that the wish was made of; a conflict if it is another by now
  public Change<SubscriptionView> change(String id, long basedOn, SubscriptionSpec spec) {
    return decide(
        id,
        before -> {
          if (before.getVersion() != basedOn) {
            return leave(new Change.Conflict<>(changed(before)));
          }
          var after =
              SubscriptionRecords.changed(
                  before, spec, rules.ownership.method(spec), missingSecrets(before, spec), now());
          var problems = new ArrayList<>(problems(spec, after));
          problems.addAll(AuthenticationRecords.movedUnasked(before, spec));
          return problems.isEmpty() ? write(after) : leave(new Change.Refused<>(problems));
        });
  }

  /// From now on nothing is sent; what comes waits.
  public Change<SubscriptionView> pause(String id) {
    return decide(
        id,
        before ->
            switch (before.getStatus()) {
              case "paused" -> leave(new Change.Done<>(SubscriptionRecords.view(before)));
              case "active" -> write(SubscriptionRecords.withStatus(before, "paused", now()));
              default ->
                  leave(new Change.Conflict<>("it is disabled: nothing waits for it; resume it"));
            });
  }

  /// Sends again, also where the endpoint had been given up.
  public Change<SubscriptionView> resume(String id) {
    return decide(
        id,
        before ->
            before.getStatus().equals("active")
                ? leave(new Change.Done<>(SubscriptionRecords.view(before)))
                : write(SubscriptionRecords.withStatus(before, "active", now())));
  }

  /// Writes down what an endpoint has said.
  ///
  /// @param url where it was asked, and how: if either has changed meanwhile, it says nothing
  Change<SubscriptionView> proven(String id, String url, String method, Ownership.Finding finding) {
    return decide(
        id,
        before -> {
          var verification = before.getVerification();
          if (verification == null
              || !verification.getMethod().equals(method)
              || !before.getUrl().equals(url)) {
            return leave(new Change.Conflict<>("it was changed meanwhile; try again"));
          }
          var now = now();
          return write(
              SubscriptionRecords.withVerification(
                  before, VerificationRecords.found(verification, finding, now), now));
        });
  }

  /// New secrets of each kind that it signs with.
  ///
  /// @param overlap how long the ones before go on signing too
  public Change<Rotated> rotate(String id, Duration overlap) {
    if (overlap.isNegative() || overlap.compareTo(SecretRotation.LONGEST_OVERLAP) > 0) {
      return new Change.Refused<>(
          List.of(new RequestProblem("/overlap", "must be a duration of at most 720h")));
    }
    return decide(
        id,
        before -> {
          var now = now();
          var fresh =
              secrets(before.getSigning()).stream()
                  .map(it -> SubscriptionRecords.signingSecret(it, now))
                  .toList();
          var all = SecretRotation.after(before.getSecrets(), fresh, overlap, now);
          if (all.size() > SigningKeys.MOST) {
            return leave(
                new Change.Conflict<>(
                    SigningKeys.MOST
                        + " secrets are live, which is the most; wait until one ends, or rotate"
                        + " with a shorter overlap"));
          }
          var after = SubscriptionRecords.withSecrets(before, all, now);
          return new Decision.Write<>(
              new Keyed(after.getId(), after),
              new Change.Done<>(
                  new Rotated(SubscriptionRecords.keys(after), all.size(), now.plus(overlap))));
        });
  }

  /// @param basedOn the version that is to be removed; 0 for whichever it is
  public Change<String> remove(String id, long basedOn) {
    return decide(
        id,
        before ->
            basedOn != 0 && before.getVersion() != basedOn
                ? leave(new Change.Conflict<>(changed(before)))
                : new Decision.Write<>(new Keyed(id, null), new Change.Done<>(id)));
  }

  private <R> Change<R> decide(String id, Function<Subscription, Decision<Change<R>>> decision) {
    var outcome =
        decided.<Change<R>>decide(
            topic.name(),
            known,
            () -> known.stored(id).map(decision).orElseGet(() -> leave(new Change.Unknown<>())));
    return switch (outcome) {
      case Decided.Done<Change<R>>(var change) -> change;
      case Decided.Failed<Change<R>>(var why) -> new Change.Unavailable<>(why);
    };
  }

  private static <R> Decision<Change<R>> leave(Change<R> change) {
    return new Decision.Leave<>(change);
  }

  private static Decision<Change<SubscriptionView>> write(Subscription after) {
    return new Decision.Write<>(
        new Keyed(after.getId(), after), new Change.Done<>(SubscriptionRecords.view(after)));
  }

  private static String changed(Subscription now) {
    return "it is of version " + now.getVersion() + " by now; read it and try again";
  }

  /// Of the kinds that it is to sign with and has none of.
  private List<Secret> missingSecrets(Subscription before, SubscriptionSpec spec) {
    return secrets(spec.signing()).stream()
        .filter(
            it -> before.getSecrets().stream().noneMatch(has -> has.getKind().equals(it.kind())))
        .toList();
  }

  private Subscription record(SubscriptionSpec spec) {
    return SubscriptionRecords.newRecord(
        dice.subscriptionId(), spec, rules.ownership.method(spec), secrets(spec.signing()), now());
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
    rules.ownership.problem(spec).ifPresent(it -> problems.add(new RequestProblem("/verify", it)));
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
