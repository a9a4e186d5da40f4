package dev.fanfare.dispatcher.alerting;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.alerting.Measures.Measured;
import dev.fanfare.dispatcher.control.DecidedWriter;
import dev.fanfare.dispatcher.control.DecidedWriter.Decided;
import dev.fanfare.dispatcher.control.DecidedWriter.Decision;
import dev.fanfare.dispatcher.control.RecordWriter.Keyed;
import dev.fanfare.dispatcher.log.alert.AlertEvaluator;
import dev.fanfare.dispatcher.log.alert.AlertEvaluator.Finding;
import dev.fanfare.dispatcher.log.alert.AlertRule;
import dev.fanfare.dispatcher.log.alert.AlertRule.Terms;
import dev.fanfare.dispatcher.log.alert.AlertState;
import dev.fanfare.dispatcher.log.alert.Subject;
import dev.fanfare.dispatcher.log.notify.ChannelSettings;
import dev.fanfare.schemas.avro.Alert;
import dev.fanfare.schemas.avro.AlertNotification;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes what has changed, so that it is said once: what is so already is looked up after whoever
/// wrote before has been fenced ([DecidedWriter]), and nobody is told before it is written.
///
/// Used by one thread.
final class Transitions {
  private static final Logger LOG = LoggerFactory.getLogger(Transitions.class);
  private static final String RESOLVED = "resolved";
  private static final int ID_LETTERS = 32;

  /// Of one rule: when very many endpoints fail at once, nobody wants as many messages.
  private static final int MOST_TOLD = 20;

  private static final Duration TOLD_WITHIN = Duration.ofMinutes(10);

  private final AlertFeed feed;
  private final DecidedWriter writer;
  private final AlertSettings settings;
  private final AlertEvaluator evaluator;
  private final Names names;

  Transitions(
      AlertFeed feed,
      DecidedWriter writer,
      AlertSettings settings,
      AlertEvaluator evaluator,
      Names names) {
    this.feed = feed;
    this.writer = writer;
    this.settings = settings;
    this.evaluator = evaluator;
    this.names = names;
  }

  /// Writes what a reading changes, if it still does; true when it did.
  ///
  /// @param wellSince since when it has been well, which the table does not know
  boolean write(
      AlertRule rule,
      Subject subject,
      Measured measured,
      Optional<Instant> wellSince,
      Instant now) {
    var watched = Watched.of(rule, subject);
    return decide(() -> {
      var known = feed.book().state(watched);
      var state = new AlertState(known.firing(), known.fired(), wellSince);
      var at = after(watched, now);
      return switch (evaluator.on(rule, state, measured.reading(), at)) {
        case Finding.Fired(_, boolean flapping) ->
            Optional.of(fired(rule, subject, measured, flapping, at));
        case Finding.Resolved(_, var since) ->
            Optional.of(resolved(rule, subject, measured, since, at));
        case Finding.Quiet _ -> Optional.empty();
      };
    });
  }

  private Alert fired(
      AlertRule rule, Subject subject, Measured measured, boolean flapping, Instant at) {
    var reading = measured.reading();
    return alert(rule, subject, AlertBook.FIRED, at)
        .setSummary(AlertTexts.fired(rule, names.of(subject), reading, measured.since(), flapping))
        .setValue(reading.value())
        .setThreshold(rule.terms().threshold())
        .setNotifications(notifications(rule, at))
        .build();
  }

  private Alert resolved(
      AlertRule rule, Subject subject, Measured measured, Instant since, Instant at) {
    var lasted = Duration.between(since, at);
    return alert(rule, subject, RESOLVED, at)
        .setSummary(AlertTexts.resolved(rule, names.of(subject), measured.reading(), lasted))
        .setValue(measured.reading().value())
        .setThreshold(rule.terms().resolveBelow())
        .setSince(since)
        .setFiredId(feed.book().last(Watched.of(rule, subject)).map(Alert::getId).orElse(null))
        .setNotifications(notifications(rule, at))
        .build();
  }

  /// Ends what nothing is measured for any more: its rule or its subject is gone, or its owner has
  /// put it right by hand.
  ///
  /// @param rule who is told; empty for nobody
  boolean withdraw(Alert firing, String why, Optional<AlertRule> rule, Instant now) {
    var watched = Watched.of(firing);
    return decide(() -> {
      var last = feed.book().last(watched);
      if (last.filter(it -> it.getId().equals(firing.getId())).isEmpty()) {
        return Optional.empty();
      }
      var at = after(watched, now);
      var lasted = Duration.between(firing.getAt(), at);
      return Optional.of(
          Alert.newBuilder(firing)
              .setId(id(watched, RESOLVED, at))
              .setState(RESOLVED)
              .setSummary(AlertTexts.withdrawn(names.of(watched.subject()), why, lasted))
              .setValue(null)
              .setThreshold(null)
              .setAt(at)
              .setSince(firing.getAt())
              .setFiredId(firing.getId())
              .setNotifications(rule.map(it -> notifications(it, at)).orElse(List.of()))
              .build());
    });
  }

  /// Decides who is told of what a worker has found.
  ///
  /// @param rule empty when nobody is to be told
  boolean announce(Alert found, Optional<AlertRule> rule, Instant now) {
    return decide(() ->
        feed.book()
            .alert(found.getId())
            .filter(it -> it.getNotifications() == null)
            .map(it ->
                Alert.newBuilder(it)
                    .setNotifications(rule.map(told -> notifications(told, now)).orElse(List.of()))
                    .build()));
  }

  /// Writes what came of telling a channel.
  boolean told(String id, AlertNotification result) {
    return decide(() ->
        feed.book()
            .alert(id)
            .filter(it -> it.getNotifications() != null)
            .filter(it ->
                it.getNotifications().stream()
                    .anyMatch(one -> isPending(one) && isSame(one, result)))
            .map(it ->
                Alert.newBuilder(it)
                    .setNotifications(
                        it.getNotifications().stream()
                            .map(one -> isSame(one, result) ? result : one)
                            .toList())
                    .build()));
  }

  static boolean isPending(AlertNotification notification) {
    return notification.getState().equals(AlertBook.PENDING);
  }

  private static boolean isSame(AlertNotification one, AlertNotification other) {
    return one.getChannel().equals(other.getChannel());
  }

  private boolean decide(Supplier<Optional<Alert>> change) {
    var decided =
        writer.<Boolean>decide(
            feed.topics().alerts().name(),
            feed.currentAlerts(),
            () ->
                change
                    .get()
                    .<Decision<Boolean>>map(
                        it -> new Decision.Write<>(new Keyed(it.getId(), it), true))
                    .orElse(new Decision.Leave<>(false)));
    return switch (decided) {
      case Decided.Done<Boolean>(var written) -> written;
      case Decided.Failed<Boolean>(var why) -> {
        LOG.warn("an alert could not be written, it is tried again: {}", why);
        yield false;
      }
    };
  }

  /// Later than what was said last, whatever the clocks of two instances say: the order of the
  /// times is what is so now.
  private Instant after(Watched watched, Instant now) {
    var at = now.truncatedTo(ChronoUnit.MILLIS);
    return feed.book()
        .last(watched)
        .map(last -> last.getAt().plusMillis(1))
        .filter(least -> least.isAfter(at))
        .orElse(at);
  }

  private static Alert.Builder alert(AlertRule rule, Subject subject, String state, Instant at) {
    return Alert.newBuilder()
        .setId(id(Watched.of(rule, subject), state, at))
        .setRule(rule.terms().id())
        .setKind(rule.kind().code())
        .setOwner(rule.terms().owner().orElse(null))
        .setTenant(subject.tenant().orElse(null))
        .setSubscriptionId(subject.subscription().orElse(null))
        .setState(state)
        .setAt(at);
  }

  private static String id(Watched watched, String state, Instant at) {
    var text = watched + state + at.toEpochMilli();
    try {
      var hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return "alr_" + HexFormat.of().formatHex(hash).substring(0, ID_LETTERS);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  private List<AlertNotification> notifications(AlertRule rule, Instant at) {
    var terms = rule.terms();
    boolean tooMany = toldLately(terms, at) >= MOST_TOLD;
    return settings.channelsOf(terms.owner().orElse(null)).stream()
        .map(ChannelSettings::name)
        .filter(
            it -> terms.channels().contains(it) || terms.channels().contains(Terms.EVERY_CHANNEL))
        .map(it ->
            AlertNotification.newBuilder()
                .setChannel(it)
                .setState(tooMany ? "withheld" : AlertBook.PENDING)
                .setAt(at)
                .setDetail(
                    tooMany
                        ? "the rule has told of %d within 10 minutes".formatted(MOST_TOLD)
                        : null)
                .build())
        .toList();
  }

  private long toldLately(Terms terms, Instant at) {
    var from = at.minus(TOLD_WITHIN);
    return feed.book()
        .newest()
        .takeWhile(it -> it.getAt().isAfter(from))
        .filter(it -> it.getRule().equals(terms.id()))
        .filter(it -> terms.owner().equals(Optional.ofNullable(it.getOwner())))
        .filter(it ->
            it.getNotifications() != null
                && it.getNotifications().stream()
                    .anyMatch(one -> !one.getState().equals("withheld")))
        .count();
  }
}
