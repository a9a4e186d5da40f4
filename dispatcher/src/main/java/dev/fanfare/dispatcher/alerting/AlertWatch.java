package dev.fanfare.dispatcher.alerting;

import dev.fanfare.dispatcher.control.DecidedWriter;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.dispatcher.log.alert.AlertEvaluator;
import dev.fanfare.dispatcher.log.alert.AlertEvaluator.Finding;
import dev.fanfare.dispatcher.log.alert.AlertKind;
import dev.fanfare.dispatcher.log.alert.AlertRule;
import dev.fanfare.dispatcher.log.alert.AlertState;
import dev.fanfare.dispatcher.log.alert.Damping;
import dev.fanfare.dispatcher.log.alert.Reading;
import dev.fanfare.dispatcher.log.alert.Subject;
import dev.fanfare.dispatcher.log.notify.Notifier;
import dev.fanfare.schemas.avro.Alert;
import dev.fanfare.schemas.avro.Subscription;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRebalanceListener;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the log again and again and writes which alerts fire and which are over. Of all
/// instances one does so: whose group membership has the first partition of the rules. That two do
/// for a moment is expected; nothing is said twice for that ([Transitions]).
///
/// One thread; [#trouble] may be asked by any.
public final class AlertWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(AlertWatch.class);
  private static final Duration LOOK_EVERY = Duration.ofMillis(200);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(10);

  /// A look through very many takes this part of the time at most.
  private static final int SHARE = 10;

  private final Parts parts;
  private final AlertBook book;
  private final Names names;
  private final AlertEvaluator evaluator = new AlertEvaluator(Damping.USUAL);
  private final Transitions transitions;
  private final Announcer announcer;
  private final AlertMetrics metrics;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final Thread thread;
  private volatile Optional<String> trouble = Optional.of("joining its group");
  private volatile boolean ours;
  private volatile Optional<Instant> looked = Optional.empty();

  // Of the watch's own thread.
  private final Map<Watched, Instant> wellSince = new HashMap<>();
  private long nextLook = System.nanoTime();

  /// What it is made of.
  ///
  /// @param consumer properties of consumers
  /// @param subscriptions by id, as they are stored
  /// @param notifier closed with the watch
  public record Parts(
      Map<String, Object> consumer,
      AlertFeed feed,
      LogRole log,
      DecidedWriter writer,
      Notifier notifier,
      Function<String, Optional<Subscription>> subscriptions,
      AlertSettings settings,
      MeterRegistry meters,
      InstantSource clock) {}

  private AlertWatch(Parts parts) {
    this.parts = parts;
    this.book = parts.feed().book();
    this.names = new Names(parts.subscriptions());
    this.transitions =
        new Transitions(parts.feed(), parts.writer(), parts.settings(), evaluator, names);
    this.metrics = new AlertMetrics(parts.meters());
    this.announcer =
        new Announcer(
            parts.feed(), transitions, parts.settings(), parts.notifier(), names, metrics);
    this.thread = Thread.ofPlatform().name("alerts").daemon().unstarted(this::run);
    metrics.watch(
        () -> book.firing().size(),
        () -> ours ? 1 : 0,
        () ->
            looked
                .filter(_ -> ours)
                .map(it -> Duration.between(it, parts.clock().instant()).toMillis() / 1_000.0)
                .orElse(-1.0));
  }

  /// Returns at once; [#trouble] is empty when it has joined its group.
  public static AlertWatch start(Parts parts) {
    var watch = new AlertWatch(parts);
    watch.thread.start();
    return watch;
  }

  /// What keeps it from watching, or from knowing whether it is to.
  public Optional<String> trouble() {
    return thread.isAlive() ? trouble : Optional.of("its thread has ended");
  }

  private void run() {
    while (isOpen()) {
      try {
        membership();
      } catch (RuntimeException e) {
        LOG.warn("watching for alerts fails and is started again", e);
        trouble = Optional.of(e.toString());
        pause();
      }
    }
  }

  private void membership() {
    var member = member();
    try {
      member.subscribe(List.of(parts.feed().topics().alertRules().name()), new Listener(member));
      while (isOpen()) {
        var _ = member.poll(LOOK_EVERY);
        if (ours) {
          step();
        }
      }
    } finally {
      letGo();
      member.close(CloseOptions.timeout(PAUSE));
    }
  }

  private Consumer<byte[], byte[]> member() {
    var all = new HashMap<>(parts.consumer());
    if (!"consumer".equals(all.get(ConsumerConfig.GROUP_PROTOCOL_CONFIG))) {
      all.putIfAbsent(ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, 10_000);
    }
    all.putIfAbsent(ConsumerConfig.CLIENT_ID_CONFIG, "fanfare-alerts");
    all.put(ConsumerConfig.GROUP_ID_CONFIG, parts.feed().topics().prefix() + "alerts");
    all.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    all.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "latest");
    all.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    return new KafkaConsumer<>(all, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /// Its partitions are never read, only had.
  private final class Listener implements ConsumerRebalanceListener {
    private final Consumer<byte[], byte[]> member;

    Listener(Consumer<byte[], byte[]> member) {
      this.member = member;
    }

    @Override
    public void onPartitionsAssigned(Collection<TopicPartition> added) {
      member.pause(member.assignment());
      ours = member.assignment().stream().anyMatch(it -> it.partition() == 0);
      trouble = Optional.empty();
      if (ours) {
        LOG.info("this process watches for alerts");
      }
    }

    @Override
    public void onPartitionsRevoked(Collection<TopicPartition> gone) {
      if (gone.stream().anyMatch(it -> it.partition() == 0)) {
        letGo();
      }
    }
  }

  private void letGo() {
    ours = false;
    looked = Optional.empty();
    announcer.stop();
    wellSince.clear();
  }

  private void step() {
    var now = parts.clock().instant();
    announcer.step(now);
    if (System.nanoTime() - nextLook < 0) {
      return;
    }
    long began = System.nanoTime();
    try {
      look(now);
      trouble = Optional.empty();
    } catch (KafkaException | IllegalStateException e) {
      LOG.warn("the rules could not be looked at, it is tried again: {}", e.toString());
      trouble = Optional.of(e.toString());
    }
    long took = System.nanoTime() - began;
    nextLook =
        began
            + Math.max(parts.settings().every().toNanos(), Math.min(took * SHARE, 60_000_000_000L));
  }

  private void look(Instant now) {
    var rules = book.allRules();
    announceFound(rules, now);
    announcer.giveUpUnknown(now);
    withdraw(rules, now);
    var queries = parts.log().queries();
    if (queries.isEmpty() || !parts.log().health().ready()) {
      return; // the log is on its way; nothing is known, so nothing has changed
    }
    var measures = new Measures(queries.get(), names::tenantOf, now);
    for (var rule : rules) {
      if (rule.terms().enabled()) {
        measures.of(rule).ifPresent(round -> judge(rule, round, now));
      }
    }
    looked = Optional.of(now);
  }

  private void judge(AlertRule rule, Measures.Round round, Instant now) {
    var subjects = new HashSet<>(round.values().keySet());
    if (round.whole()) {
      subjects.addAll(firing(rule));
    }
    for (var subject : subjects) {
      var measured =
          round
              .values()
              .getOrDefault(subject, new Measures.Measured(Reading.NOTHING, Optional.empty()));
      var watched = Watched.of(rule, subject);
      var known = book.state(watched);
      var state =
          new AlertState(
              known.firing(), known.fired(), Optional.ofNullable(wellSince.get(watched)));
      switch (evaluator.on(rule, state, measured.reading(), now)) {
        case Finding.Quiet(var next) ->
            next.wellSince()
                .ifPresentOrElse(
                    since -> wellSince.put(watched, since), () -> wellSince.remove(watched));
        case Finding.Fired _ -> write(rule, subject, measured, now, "fired");
        case Finding.Resolved _ -> write(rule, subject, measured, now, "resolved");
      }
    }
  }

  private void write(
      AlertRule rule, Subject subject, Measures.Measured measured, Instant now, String state) {
    var watched = Watched.of(rule, subject);
    if (transitions.write(
        rule, subject, measured, Optional.ofNullable(wellSince.get(watched)), now)) {
      metrics.wrote(state);
      wellSince.remove(watched);
    }
  }

  private Set<Subject> firing(AlertRule rule) {
    var subjects = new HashSet<Subject>();
    for (var alert : book.firing()) {
      var watched = Watched.of(alert);
      if (watched.owner().equals(rule.terms().owner())
          && watched.rule().equals(rule.terms().id())) {
        subjects.add(watched.subject());
      }
    }
    return subjects;
  }

  /// What the workers have found is told by whoever's rule wants it.
  private void announceFound(List<AlertRule> rules, Instant now) {
    var told = disabled(rules);
    book.newest()
        .takeWhile(it -> it.getAt().isAfter(now.minus(parts.settings().giveUpAfter())))
        .filter(it -> it.getNotifications() == null)
        .toList()
        .forEach(it -> {
          var _ = transitions.announce(it, told, now);
        });
  }

  private static Optional<AlertRule> disabled(List<AlertRule> rules) {
    return rules.stream()
        .filter(it -> it.kind() == AlertKind.ENDPOINT_DISABLED)
        .filter(it -> it.terms().owner().isEmpty() && it.terms().enabled())
        .findFirst();
  }

  private void withdraw(List<AlertRule> rules, Instant now) {
    for (var alert : book.firing()) {
      reason(alert, rules)
          .ifPresent(it -> {
            if (transitions.withdraw(alert, it.why(), it.told(), now)) {
              metrics.wrote("resolved");
            }
          });
    }
  }

  /// Why nothing is measured of an alert any more.
  private record Withdrawal(String why, Optional<AlertRule> told) {}

  private Optional<Withdrawal> reason(Alert alert, List<AlertRule> rules) {
    boolean found = alert.getKind() == null; // by a worker
    if (found && !alert.getRule().equals(AlertKind.ENDPOINT_DISABLED.code())) {
      return Optional.of(new Withdrawal("there is nothing to put right", Optional.empty()));
    }
    var rule =
        found
            ? disabled(rules)
            : rules.stream()
                .filter(it -> it.terms().id().equals(alert.getRule()))
                .filter(it -> it.terms().owner().equals(Optional.ofNullable(alert.getOwner())))
                .filter(it -> it.terms().enabled())
                .findFirst();
    if (rule.isEmpty() && !found) {
      return Optional.of(
          new Withdrawal("its rule has been switched off or removed", Optional.empty()));
    }
    var id = alert.getSubscriptionId();
    var stored = id == null ? Optional.<Subscription>empty() : parts.subscriptions().apply(id);
    if (id != null && stored.isEmpty()) {
      return Optional.of(new Withdrawal("its subscription has been deleted", rule));
    }
    if (found && stored.filter(it -> it.getStatus().equals("disabled")).isEmpty()) {
      return Optional.of(new Withdrawal("its subscription is no longer disabled", rule));
    }
    return Optional.empty();
  }

  private boolean isOpen() {
    return closing.getCount() > 0;
  }

  private void pause() {
    try {
      var _ = closing.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException("nobody interrupts the watch's thread", e);
    }
  }

  @Override
  public void close() {
    closing.countDown();
    try {
      if (!thread.join(CLOSE_WITHIN)) {
        LOG.warn("watching for alerts did not end within {}", CLOSE_WITHIN);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    parts.notifier().close();
  }
}
