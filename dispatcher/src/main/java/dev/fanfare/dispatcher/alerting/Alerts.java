package dev.fanfare.dispatcher.alerting;

import dev.fanfare.dispatcher.control.Change;
import dev.fanfare.dispatcher.control.DecidedWriter;
import dev.fanfare.dispatcher.control.DecidedWriter.Decided;
import dev.fanfare.dispatcher.control.DecidedWriter.Decision;
import dev.fanfare.dispatcher.control.RecordWriter.Keyed;
import dev.fanfare.dispatcher.control.RequestProblem;
import dev.fanfare.dispatcher.log.alert.AlertKind;
import dev.fanfare.dispatcher.log.alert.AlertRule;
import dev.fanfare.dispatcher.log.alert.AlertRule.Terms;
import dev.fanfare.dispatcher.log.alert.Scope;
import dev.fanfare.dispatcher.log.alert.Scope.Per;
import dev.fanfare.dispatcher.log.notify.ChannelSettings;
import dev.fanfare.schemas.avro.Alert;
import dev.fanfare.schemas.avro.Subscription;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// The rules, to be read and replaced, and what they have said. Thread-safe.
public final class Alerts {
  public static final int MOST_RULES = 100;
  private static final int ID_BYTES = 10;

  private final AlertFeed feed;
  private final DecidedWriter writer;
  private final AlertSettings settings;
  private final Function<String, Optional<Subscription>> subscriptions;
  private final InstantSource clock;
  private final SecureRandom dice = new SecureRandom();

  /// @param subscriptions by id, as they are stored
  public Alerts(
      AlertFeed feed,
      DecidedWriter writer,
      AlertSettings settings,
      Function<String, Optional<Subscription>> subscriptions,
      InstantSource clock) {
    this.feed = feed;
    this.writer = writer;
    this.settings = settings;
    this.subscriptions = subscriptions;
    this.clock = clock;
  }

  /// An owner's rules.
  ///
  /// @param version 0 while they are the defaults; goes up with every change
  /// @param channels that they may name
  public record Owned(long version, List<AlertRule> rules, List<ChannelSettings> channels) {
    public Owned {
      rules = List.copyOf(rules);
      channels = List.copyOf(channels);
    }
  }

  /// @param owner a tenant; null for the operators
  public Owned rules(@Nullable String owner) {
    var known = feed.book().rulesOf(Optional.ofNullable(owner));
    return new Owned(known.version(), known.rules(), settings.channelsOf(owner));
  }

  /// Puts these rules in the place of all that an owner has.
  ///
  /// @param name a tenant; null for the operators
  /// @param version of those that the caller has seen; null to replace whatever there is
  public Change<Owned> replace(
      @Nullable String name, List<RuleSpec> specs, @Nullable Long version) {
    var owner = Optional.ofNullable(name);
    var problems = new ArrayList<RequestProblem>();
    var rules = read(owner, specs, problems);
    if (!problems.isEmpty()) {
      return new Change.Refused<>(problems);
    }
    var decided =
        writer.<Change<Owned>>decide(
            feed.topics().alertRules().name(),
            feed.currentRules(),
            () -> {
              long now = feed.book().rulesOf(owner).version();
              if (version != null && version != now) {
                return new Decision.Leave<>(
                    new Change.Conflict<>(
                        "the rules have been changed meanwhile, to version "
                            + now
                            + "; read them again"));
              }
              var record =
                  RuleRecords.write(
                      owner, now + 1, rules, clock.instant().truncatedTo(ChronoUnit.MILLIS));
              return new Decision.Write<>(
                  new Keyed(AlertBook.key(owner), record),
                  new Change.Done<>(new Owned(now + 1, rules, settings.channelsOf(name))));
            });
    return switch (decided) {
      case Decided.Done<Change<Owned>>(var change) -> change;
      case Decided.Failed<Change<Owned>>(var why) -> new Change.Unavailable<>(why);
    };
  }

  private List<AlertRule> read(
      Optional<String> owner, List<RuleSpec> specs, List<RequestProblem> problems) {
    if (specs.size() > MOST_RULES) {
      problems.add(new RequestProblem("/items", "must be at most " + MOST_RULES));
      return List.of();
    }
    var rules = new ArrayList<AlertRule>();
    var ids = new HashSet<String>();
    for (int i = 0; i < specs.size(); i++) {
      var at = "/items/" + i;
      var before = problems.size();
      var spec = specs.get(i);
      var id = spec.id().orElseGet(this::newId);
      if (!id.matches("[A-Za-z0-9_-]{1,64}")) {
        problems.add(
            new RequestProblem(at + "/id", "must be 1 to 64 characters of A-Z a-z 0-9 _ -"));
      } else if (!ids.add(id)) {
        problems.add(new RequestProblem(at + "/id", "is another rule's too"));
      }
      var kind = AlertKind.find(spec.kind());
      if (kind.isEmpty()) {
        problems.add(
            new RequestProblem(
                at + "/kind",
                "must be one of "
                    + String.join(
                        ", ", List.of(AlertKind.values()).stream().map(AlertKind::code).toList())));
      }
      var scope = scope(owner, spec, at, problems);
      checkChannels(owner, spec, at, problems);
      if (problems.size() > before || kind.isEmpty() || scope.isEmpty()) {
        continue;
      }
      if (owner.isPresent() && kind.get() == AlertKind.LEDGER_GAP) {
        problems.add(
            new RequestProblem(at + "/kind", "is for operators: the ledger is everybody's"));
        continue;
      }
      try {
        rules.add(
            RuleRecords.of(
                kind.get(),
                new Terms(
                    id,
                    owner,
                    scope.get(),
                    spec.threshold(),
                    spec.resolveBelow(),
                    spec.enabled(),
                    spec.channels()),
                spec.window(),
                spec.volume().orElse(kind.get() == AlertKind.FAILURE_RATE ? 1L : 0L)));
      } catch (IllegalArgumentException e) {
        problems.add(new RequestProblem(at, String.valueOf(e.getMessage())));
      }
    }
    return rules;
  }

  /// A tenant's rules look at what is the tenant's, whatever they say.
  private Optional<Scope> scope(
      Optional<String> owner, RuleSpec spec, String at, List<RequestProblem> problems) {
    var per = Per.find(spec.per());
    if (per.isEmpty()) {
      problems.add(new RequestProblem(at + "/per", "must be subscription, tenant or all"));
    }
    var tenant = owner.or(spec::tenant);
    if (owner.isPresent() && spec.tenant().filter(it -> !it.equals(owner.get())).isPresent()) {
      problems.add(new RequestProblem(at + "/tenant", "must be your own"));
    }
    var subscription = spec.subscription();
    if (subscription.isPresent()) {
      var stored = subscriptions.apply(subscription.get());
      if (stored.filter(it -> tenant.isEmpty() || tenant.get().equals(it.getTenant())).isEmpty()) {
        problems.add(new RequestProblem(at + "/subscription_id", "there is no such subscription"));
      }
    }
    return per.map(it -> new Scope(tenant, subscription, it));
  }

  private void checkChannels(
      Optional<String> owner, RuleSpec spec, String at, List<RequestProblem> problems) {
    var known =
        settings.channelsOf(owner.orElse(null)).stream().map(ChannelSettings::name).toList();
    for (var name : spec.channels()) {
      if (!name.equals(Terms.EVERY_CHANNEL) && !known.contains(name)) {
        problems.add(
            new RequestProblem(
                at + "/notify",
                known.isEmpty()
                    ? "there are no channels; they are configured under alerts.channels"
                    : "must be some of " + String.join(", ", known) + ", or *"));
        return;
      }
    }
  }

  private String newId() {
    var bytes = new byte[ID_BYTES];
    dice.nextBytes(bytes);
    return "rule_" + HexFormat.of().formatHex(bytes);
  }

  /// Some of a list of alerts.
  ///
  /// @param next the place to go on from; empty at the end
  public record Listing(List<Alert> items, Optional<String> next) {
    public Listing {
      items = List.copyOf(items);
    }
  }

  /// What has been said, the newest first.
  ///
  /// @param viewer the tenant that asks; null for the operators. It sees what concerns it, but of
  ///   rules only its own and the operators'
  /// @param after the place of the last one that was seen; null for the first
  public Listing said(
      @Nullable String viewer, Predicate<Alert> wanted, @Nullable String after, int limit) {
    var items =
        feed.book()
            .newest()
            .filter(it -> after == null || AlertBook.place(it).compareTo(after) > 0)
            .filter(it -> viewer == null || isVisible(it, viewer))
            .filter(wanted)
            .limit(limit + 1L)
            .toList();
    var shown = items.subList(0, Math.min(limit, items.size()));
    return new Listing(
        shown,
        items.size() > limit ? Optional.of(AlertBook.place(shown.getLast())) : Optional.empty());
  }

  /// Whether it still fires.
  public boolean isFiring(Alert alert) {
    return alert.getState().equals(AlertBook.FIRED)
        && feed.book()
            .last(Watched.of(alert))
            .filter(it -> it.getId().equals(alert.getId()))
            .isPresent();
  }

  private static boolean isVisible(Alert alert, String tenant) {
    return tenant.equals(alert.getTenant())
        && (alert.getOwner() == null || alert.getOwner().equals(tenant));
  }
}
