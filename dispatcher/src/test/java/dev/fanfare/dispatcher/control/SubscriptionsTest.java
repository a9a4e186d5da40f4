package dev.fanfare.dispatcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.control.Creation.Created;
import dev.fanfare.dispatcher.control.Creation.Refused;
import dev.fanfare.dispatcher.control.Creation.Unavailable;
import dev.fanfare.dispatcher.control.Ownership.Finding;
import dev.fanfare.dispatcher.egress.guard.AddressPolicy;
import dev.fanfare.dispatcher.egress.signature.Verifier;
import dev.fanfare.dispatcher.subscription.Place;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.serde.TrustedClasses;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SubscriptionsTest {
  static {
    TrustedClasses.trustOurs();
  }

  private static final SubscriptionSpec SPEC =
      new SubscriptionSpec(
          "acme",
          "https://example.com/hook",
          List.of("email.bounced"),
          Optional.empty(),
          Optional.of("for people"),
          Map.of("X-Mine", "yes"),
          Optional.empty(),
          "hmac",
          "standard",
          Optional.of("1.0"),
          List.of(Duration.ofSeconds(5), Duration.ofHours(1)),
          Optional.of(Duration.ofSeconds(10)),
          OptionalDouble.of(2.5),
          OptionalInt.of(7),
          "none");

  private final FakeWriter writer = new FakeWriter();
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-01T12:00:00Z"));
  private final Known known = new Known();
  private final Subscriptions subscriptions =
      new Subscriptions(
          known,
          new ControlTopic("fanfare.subscriptions", writer, known),
          new FakeDecidedWriter(writer),
          new Subscriptions.Rules(
              new SubscriptionReader(false),
              AddressPolicy.STRICT,
              EventCatalogue.standard(),
              new OwnershipSettings("none", Map.of("careful", "challenge"), Optional.empty())),
          now::get);

  /// What the writer wrote, read back at once.
  private final class Known implements KnownSubscriptions {
    private int looked;

    @Override
    public boolean awaitCurrent(Duration atMost) {
      return true;
    }

    private Map<String, Subscription> all() {
      var all = new LinkedHashMap<String, Subscription>();
      for (var record : writer.written) {
        if (record.value() == null) {
          all.remove(record.key());
        } else {
          all.put(record.key(), (Subscription) record.value());
        }
      }
      return all;
    }

    @Override
    public Optional<Subscription> stored(String id) {
      return Optional.ofNullable(all().get(id));
    }

    @Override
    public Stream<Subscription> stored(@Nullable String tenant, @Nullable Place after) {
      return all().values().stream()
          .filter(it -> tenant == null || it.getTenant().equals(tenant))
          .filter(it -> after == null || Place.of(it).compareTo(after) > 0)
          .sorted(Comparator.comparing(Place::of))
          .peek(_ -> looked++);
    }

    @Override
    public Collection<String> sealedOtherwise() {
      return List.of();
    }

    @Override
    public boolean awaitApplied(int partition, long offset, Duration atMost) {
      return offset < writer.written.size();
    }
  }

  @Test
  void showsBackWhatWasAskedFor() {
    var made = create(SPEC).subscription();

    assertThat(made.id()).matches("sub_[a-z0-9]{24}");
    assertThat(made.spec()).isEqualTo(SPEC);
    assertThat(made.status()).isEqualTo("active");
    assertThat(made.version()).isEqualTo(1);
    assertThat(subscriptions.find(made.id())).contains(made);
    assertThat(writer.written).extracting(RecordWriter.Keyed::key).containsExactly(made.id());
  }

  @ParameterizedTest
  @ValueSource(strings = {"hmac", "ed25519", "both"})
  void makesTheKeysThatTheSigningNeeds(String signing) {
    var created = create(with(it -> it.signing = signing));
    var keys = created.keys();

    assertThat(keys.secret().isPresent()).isEqualTo(!signing.equals("ed25519"));
    assertThat(keys.publicKey().isPresent()).isEqualTo(!signing.equals("hmac"));
    keys.secret().ifPresent(it -> assertThat(it).matches("whsec_[A-Za-z0-9+/]{43}="));
    keys.publicKey().ifPresent(it -> assertThat(Verifier.parse(it)).isNotNull());
    assertThat(subscriptions.keys(created.subscription().id())).contains(keys);
    assertThat(keys.toString()).doesNotContain("whsec").doesNotContain("whpk");
  }

  @Test
  void noTwoHaveTheSameIdOrSecret() {
    var ids = new HashSet<String>();
    var secrets = new HashSet<Object>();
    for (int i = 0; i < 50; i++) {
      var created = create(SPEC);
      ids.add(created.subscription().id());
      secrets.add(created.keys().secret());
    }
    assertThat(ids).hasSize(50);
    assertThat(secrets).hasSize(50);
  }

  @Test
  void tellsEverythingThatIsWrongAtOnce() {
    var refused =
        (Refused)
            subscriptions.create(
                with(it -> {
                  it.tenant = "a b";
                  it.url = "http://10.0.0.1/";
                  it.eventTypes = List.of("email.bounced", "email.exploded", "*x");
                  it.signing = "rot13";
                  it.schemaVersion = Optional.of("9.9");
                  it.schedule = List.of(Duration.ofHours(20), Duration.ofHours(20));
                  it.timeout = Optional.of(Duration.ofMinutes(5));
                }));

    assertThat(refused.problems())
        .extracting(RequestProblem::pointer)
        .containsExactlyInAnyOrder(
            "/tenant",
            "/url",
            "/url",
            "/event_types/1",
            "/event_types/2",
            "/signing",
            "/schema_version",
            "/retry_schedule",
            "/timeout");
    assertThat(writer.written).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "example.com",
        "ftp://example.com",
        "http://example.com",
        "https://",
        "https://user:pass@example.com",
        "https://127.0.0.1/",
        "https://localhost/",
        "https://169.254.169.254/latest/meta-data",
        "https://[::1]/",
        "https://0x7f.1/",
        "https://metadata.google.internal/",
        "https://example.com/#fragment",
        "https://exa mple.com/",
        "javascript:alert(1)"
      })
  void refusesAddressesThatAreNoneForStrangers(String url) {
    var problems = subscriptions.problems(with(it -> it.url = url));

    assertThat(problems).isNotEmpty().allMatch(it -> it.pointer().equals("/url"));
  }

  @Test
  void listsInTheOrderOfMakingPageByPage() {
    var made = new ArrayList<String>();
    for (int i = 0; i < 7; i++) {
      var tenant = i == 3 ? "other" : "acme";
      made.add(create(with(it -> it.tenant = tenant)).subscription().id());
      now.updateAndGet(it -> it.plusMillis(1));
    }

    var listed = new ArrayList<String>();
    Place after = null;
    int pages = 0;
    do {
      var page = subscriptions.list(null, after, 3);
      page.items().forEach(it -> listed.add(it.id()));
      after = page.next().flatMap(Place::parse).orElse(null);
      pages++;
    } while (after != null);

    assertThat(listed).isEqualTo(made);
    assertThat(pages).isEqualTo(3);
    assertThat(subscriptions.list("other", null, 10).items())
        .extracting(SubscriptionView::id)
        .containsExactly(made.get(3));
  }

  @Test
  void listsThoseOfOneMomentWithoutLosingAny() {
    for (int i = 0; i < 10; i++) {
      var _ = create(SPEC);
    }
    var first = subscriptions.list(null, null, 4);
    var second = subscriptions.list(null, end(first), 4);
    var third = subscriptions.list(null, end(second), 4);

    var ids = new HashSet<String>();
    List.of(first, second, third).forEach(page -> page.items().forEach(it -> ids.add(it.id())));
    assertThat(ids).hasSize(10);
    assertThat(third.next()).isEmpty();
  }

  private static Place end(Page<SubscriptionView> page) {
    return page.next().flatMap(Place::parse).orElseThrow();
  }

  @Test
  void aPageLooksAtOneMoreThanItShows() {
    for (int i = 0; i < 50; i++) {
      var _ = create(SPEC);
    }

    var first = subscriptions.list("acme", null, 10);
    var _ = subscriptions.list("acme", end(first), 10);

    assertThat(known.looked).isEqualTo(2 * 11);
  }

  @Test
  void whatHasToBeVerifiedIsHeldUntilItIs() {
    var made = create(with(it -> it.verify = "challenge")).subscription();
    assertThat(made.status()).isEqualTo("paused");
    assertThat(made.statusReason()).contains("unverified");
    assertThat(made.verification().orElseThrow().state()).isEqualTo("pending");

    var failed = proven(made, new Finding.Fails("no"));
    assertThat(failed.verification().orElseThrow().detail()).contains("no");
    assertThat(failed.status()).isEqualTo("paused");
    assertThat(status(subscriptions.resume(made.id())))
        .as("only a proof helps")
        .isEqualTo("paused");

    var verified = proven(made, new Finding.Consents(Optional.empty(), OptionalLong.empty()));
    assertThat(verified.status()).isEqualTo("active");
    assertThat(verified.statusReason()).isEmpty();
    assertThat(verified.verification().orElseThrow().detail()).isEmpty();
  }

  private SubscriptionView proven(SubscriptionView made, Finding finding) {
    var change = subscriptions.proven(made.id(), made.spec().url(), "challenge", finding);
    return ((Change.Done<SubscriptionView>) change).result();
  }

  @Test
  void anotherUrlHasToBeVerifiedAnew() {
    var made = create(with(it -> it.verify = "challenge")).subscription();
    var consents = new Finding.Consents(Optional.empty(), OptionalLong.empty());
    var verified = proven(made, consents);

    var same =
        subscriptions.change(
            made.id(),
            verified.version(),
            with(it -> {
              it.verify = "challenge";
              it.eventTypes = List.of("*");
            }));
    assertThat(status(same)).isEqualTo("active");
    var moved =
        subscriptions.change(
            made.id(),
            verified.version() + 1,
            with(it -> {
              it.verify = "challenge";
              it.url = "https://example.org/other";
            }));

    assertThat(status(moved)).isEqualTo("paused");
    assertThat(subscriptions.proven(made.id(), made.spec().url(), "challenge", consents))
        .as("what the old one says is nothing to the new one")
        .isInstanceOf(Change.Conflict.class);
  }

  @Test
  void aTenantOfWhichMoreIsAskedCanNotAskForLess() {
    var made = create(with(it -> it.tenant = "careful")).subscription();
    assertThat(made.verification().orElseThrow().method()).isEqualTo("challenge");
    assertThat(made.spec().verify()).isEqualTo("challenge");

    assertThat(problems(with(it -> it.verify = "handshake"))).containsExactly("/verify");
    assertThat(problems(with(it -> it.verify = "promise"))).containsExactly("/verify");
  }

  private List<String> problems(SubscriptionSpec spec) {
    return subscriptions.problems(spec).stream().map(RequestProblem::pointer).toList();
  }

  @Test
  void removesOnce() {
    var id = create(SPEC).subscription().id();

    assertThat(subscriptions.remove(id, 0)).isEqualTo(new Change.Done<>(id));
    assertThat(subscriptions.remove(id, 0)).isEqualTo(new Change.Unknown<>());
    assertThat(subscriptions.find(id)).isEmpty();
    assertThat(subscriptions.keys(id)).isEmpty();
  }

  @Test
  void saysSoWhenKafkaIsAway() {
    var id = create(SPEC).subscription().id();
    writer.away = true;

    assertThat(subscriptions.create(SPEC)).isEqualTo(new Unavailable("away"));
    assertThat(subscriptions.remove(id, 0)).isEqualTo(new Change.Unavailable<>("away"));
    assertThat(subscriptions.find(id)).isPresent();
  }

  @Test
  void aChangeCountsAndKeepsSecretsAndTheDayItWasMade() {
    var made = create(SPEC).subscription();
    var keys = subscriptions.keys(made.id()).orElseThrow();
    now.set(now.get().plusSeconds(60));

    var change = subscriptions.change(made.id(), 1, with(it -> it.url = "https://example.com/new"));

    var changed = ((Change.Done<SubscriptionView>) change).result();
    assertThat(changed.version()).isEqualTo(2);
    assertThat(changed.spec().url()).isEqualTo("https://example.com/new");
    assertThat(changed.createdAt()).isEqualTo(made.createdAt());
    assertThat(changed.updatedAt()).isEqualTo(now.get());
    assertThat(subscriptions.keys(made.id()).orElseThrow().secret()).isEqualTo(keys.secret());
    assertThat(subscriptions.find(made.id())).contains(changed);
  }

  @Test
  void aChangeOfWhatIsOutdatedIsAConflict() {
    var id = create(SPEC).subscription().id();
    var _ = subscriptions.pause(id);

    assertThat(subscriptions.change(id, 1, SPEC)).isInstanceOf(Change.Conflict.class);
    assertThat(subscriptions.remove(id, 1)).isInstanceOf(Change.Conflict.class);
    assertThat(subscriptions.remove(id, 2)).isEqualTo(new Change.Done<>(id));
  }

  @Test
  void whatIsWrongWithAChangeIsSaidAndNothingWritten() {
    var id = create(SPEC).subscription().id();
    int before = writer.written.size();

    var change = subscriptions.change(id, 1, with(it -> it.url = "http://10.0.0.1/"));

    assertThat(change).isInstanceOf(Change.Refused.class);
    assertThat(writer.written).hasSize(before);
  }

  @Test
  void whoWantsToSignOtherwiseGetsWhatItTakes() {
    var id = create(SPEC).subscription().id();

    var _ = subscriptions.change(id, 1, with(it -> it.signing = "both"));

    assertThat(subscriptions.keys(id).orElseThrow().publicKey()).isPresent();
  }

  @Test
  void pausesAndResumesAsOftenAsOneLikes() {
    var id = create(SPEC).subscription().id();

    assertThat(status(subscriptions.pause(id))).isEqualTo("paused");
    assertThat(status(subscriptions.pause(id))).isEqualTo("paused");
    assertThat(status(subscriptions.resume(id))).isEqualTo("active");
    assertThat(status(subscriptions.resume(id))).isEqualTo("active");
    assertThat(subscriptions.find(id).orElseThrow().version()).isEqualTo(3);
    assertThat(subscriptions.pause("sub_none")).isEqualTo(new Change.Unknown<>());
  }

  @Test
  void aRotationKeepsWhatWasBeforeForAWhile() {
    var id = create(with(it -> it.signing = "both")).subscription().id();
    var before = subscriptions.keys(id).orElseThrow();

    var rotated = rotated(subscriptions.rotate(id, Duration.ofHours(24)));

    assertThat(rotated.live()).isEqualTo(4);
    assertThat(rotated.until()).isEqualTo(now.get().plus(Duration.ofHours(24)));
    assertThat(rotated.keys().secret()).isPresent().isNotEqualTo(before.secret());
    assertThat(rotated.keys().publicKey()).isPresent().isNotEqualTo(before.publicKey());
    assertThat(subscriptions.keys(id).orElseThrow().secret()).isEqualTo(rotated.keys().secret());
  }

  @Test
  void atMostTenSecretsAreLive() {
    var id = create(SPEC).subscription().id();
    for (int i = 1; i < 10; i++) {
      assertThat(rotated(subscriptions.rotate(id, Duration.ofHours(24))).live()).isEqualTo(i + 1);
    }

    assertThat(subscriptions.rotate(id, Duration.ofHours(24))).isInstanceOf(Change.Conflict.class);
    assertThat(rotated(subscriptions.rotate(id, Duration.ZERO)).live()).isEqualTo(1);
    assertThat(subscriptions.rotate(id, Duration.ofDays(31))).isInstanceOf(Change.Refused.class);
  }

  private static String status(Change<SubscriptionView> change) {
    return ((Change.Done<SubscriptionView>) change).result().status();
  }

  private static Subscriptions.Rotated rotated(Change<Subscriptions.Rotated> change) {
    return ((Change.Done<Subscriptions.Rotated>) change).result();
  }

  private Created create(SubscriptionSpec spec) {
    return (Created) subscriptions.create(spec);
  }

  /// SPEC with something else.
  private static SubscriptionSpec with(Consumer<Changed> change) {
    var changed = new Changed();
    change.accept(changed);
    return new SubscriptionSpec(
        changed.tenant,
        changed.url,
        changed.eventTypes,
        SPEC.filter(),
        SPEC.description(),
        SPEC.headers(),
        SPEC.authentication(),
        changed.signing,
        SPEC.format(),
        changed.schemaVersion,
        changed.schedule,
        changed.timeout,
        SPEC.rateLimitPerSecond(),
        SPEC.maxConcurrency(),
        changed.verify);
  }

  private static final class Changed {
    private String tenant = SPEC.tenant();
    private String url = SPEC.url();
    private List<String> eventTypes = SPEC.eventTypes();
    private String signing = SPEC.signing();
    private Optional<String> schemaVersion = SPEC.schemaVersion();
    private List<Duration> schedule = SPEC.retrySchedule();
    private Optional<Duration> timeout = SPEC.timeout();
    private String verify = SPEC.verify();
  }
}
