package dev.fanfare.dispatcher.alerting;

import dev.fanfare.dispatcher.log.alert.Subject;
import dev.fanfare.dispatcher.log.notify.ChannelSettings;
import dev.fanfare.dispatcher.log.notify.Notice;
import dev.fanfare.dispatcher.log.notify.Notifier;
import dev.fanfare.dispatcher.log.notify.Told;
import dev.fanfare.schemas.avro.Alert;
import dev.fanfare.schemas.avro.AlertNotification;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Tells the channels what has been written, each one thing at a time and in order, until it has
/// been taken or it is too late. What came of it is written; should this process die in between,
/// its successor tells it again, under the same id.
///
/// Used by one thread, which never waits; a virtual thread for each channel that is being told.
final class Announcer {
  private static final Logger LOG = LoggerFactory.getLogger(Announcer.class);
  private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
  private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

  private final AlertFeed feed;
  private final Transitions transitions;
  private final AlertSettings settings;
  private final Notifier notifier;
  private final Names names;
  private final AlertMetrics metrics;

  /// By channel; of the one thread, but for what a call leaves in it.
  private final Map<String, Telling> tellings = new HashMap<>();

  /// What has been told but not yet written, or there would be two threads that write.
  private final Map<String, AlertNotification> results = new ConcurrentHashMap<>();

  /// One alert on its way to one channel.
  private static final class Telling {
    final String id;
    int attempts;
    Duration pause = FIRST_PAUSE;
    Instant next = Instant.MIN;
    volatile Optional<Told> told = Optional.empty();
    volatile Optional<Thread> thread = Optional.empty();

    Telling(String id) {
      this.id = id;
    }
  }

  Announcer(
      AlertFeed feed,
      Transitions transitions,
      AlertSettings settings,
      Notifier notifier,
      Names names,
      AlertMetrics metrics) {
    this.feed = feed;
    this.transitions = transitions;
    this.settings = settings;
    this.notifier = notifier;
    this.names = names;
    this.metrics = metrics;
  }

  void step(Instant now) {
    settings.channels().forEach(channel -> step(channel, now));
  }

  /// Of a channel that is not in the configuration any more, nothing can be told.
  void giveUpUnknown(Instant now) {
    var known = settings.channels().stream().map(ChannelSettings::name).toList();
    pending()
        .forEach(alert ->
            alert.getNotifications().stream()
                .filter(Transitions::isPending)
                .filter(it -> !known.contains(it.getChannel()))
                .forEach(it -> {
                  var _ =
                      transitions.told(
                          alert.getId(),
                          result(it.getChannel(), "failed", 0, now, "no such channel"));
                }));
  }

  private void step(ChannelSettings channel, Instant now) {
    var telling = tellings.get(channel.name());
    if (telling != null && telling.thread.isPresent()) {
      var told = telling.told;
      if (told.isEmpty()) {
        return; // it is bounded by the notifier
      }
      telling.thread = Optional.empty();
      telling.told = Optional.empty();
      heed(channel, telling, told.get(), now);
    }
    var due = next(channel);
    if (due.isEmpty()) {
      tellings.remove(channel.name());
      return;
    }
    var alert = due.get();
    var current = tellings.get(channel.name());
    if (current == null || !current.id.equals(alert.getId())) {
      current = new Telling(alert.getId());
      tellings.put(channel.name(), current);
    }
    if (isTooLate(alert, now)) {
      settle(channel, current, "failed", now, "it was too late when it could have been told");
    } else if (!now.isBefore(current.next)) {
      begin(channel, current, alert);
    }
  }

  private boolean isTooLate(Alert alert, Instant now) {
    return alert.getAt().plus(settings.giveUpAfter()).isBefore(now);
  }

  private void heed(ChannelSettings channel, Telling telling, Told told, Instant now) {
    switch (told) {
      case Told.Sent() -> settle(channel, telling, "sent", now, null);
      case Told.Refused(var why) -> settle(channel, telling, "failed", now, why);
      case Told.Failed(var why) -> {
        LOG.warn("{} could not be told of an alert, tried again: {}", channel.name(), why);
        telling.next = now.plus(telling.pause);
        var longer = telling.pause.multipliedBy(2);
        telling.pause = longer.compareTo(LONGEST_PAUSE) < 0 ? longer : LONGEST_PAUSE;
        var last = feed.book().alert(telling.id);
        if (last.filter(it -> isTooLate(it, telling.next)).isPresent()) {
          settle(channel, telling, "failed", now, why);
        }
      }
    }
  }

  private void settle(
      ChannelSettings channel,
      Telling telling,
      String state,
      Instant now,
      @Nullable String detail) {
    metrics.told(channel.kind(), state);
    if (!state.equals("sent")) {
      LOG.error("{} was not told of alert {}: {}", channel.name(), telling.id, detail);
    }
    results.put(
        key(telling.id, channel), result(channel.name(), state, telling.attempts, now, detail));
    write(telling.id, channel);
  }

  private void write(String id, ChannelSettings channel) {
    var result = results.get(key(id, channel));
    if (result != null && (transitions.told(id, result) || !isPending(id, channel))) {
      results.remove(key(id, channel));
    }
  }

  private boolean isPending(String id, ChannelSettings channel) {
    return feed.book().alert(id).filter(it -> isFor(it, channel)).isPresent();
  }

  private static String key(String id, ChannelSettings channel) {
    return id + "|" + channel.name();
  }

  private static AlertNotification result(
      String channel, String state, int attempts, Instant now, @Nullable String detail) {
    return AlertNotification.newBuilder()
        .setChannel(channel)
        .setState(state)
        .setAttempts(attempts)
        .setAt(now.truncatedTo(ChronoUnit.MILLIS))
        .setDetail(detail)
        .build();
  }

  /// The earliest alert that a channel has not been told of; what has been told but not written is
  /// written first.
  private Optional<Alert> next(ChannelSettings channel) {
    for (var key : results.keySet()) {
      if (key.endsWith("|" + channel.name())) {
        write(key.substring(0, key.indexOf('|')), channel);
      }
    }
    return pending()
        .filter(it -> isFor(it, channel))
        .filter(it -> !results.containsKey(key(it.getId(), channel)))
        .min(Comparator.comparing(Alert::getAt));
  }

  private Stream<Alert> pending() {
    return feed.book()
        .newest()
        .filter(it ->
            it.getNotifications() != null
                && it.getNotifications().stream().anyMatch(Transitions::isPending));
  }

  private static boolean isFor(Alert alert, ChannelSettings channel) {
    return alert.getNotifications() != null
        && alert.getNotifications().stream()
            .anyMatch(it -> Transitions.isPending(it) && it.getChannel().equals(channel.name()));
  }

  private void begin(ChannelSettings channel, Telling telling, Alert alert) {
    telling.attempts++;
    var notice = notice(alert, telling.attempts);
    telling.thread =
        Optional.of(
            Thread.ofVirtual()
                .name("tell-" + channel.name())
                .start(() -> telling.told = Optional.of(tell(channel, notice))));
  }

  /// A bug must not end in silence either.
  private Told tell(ChannelSettings channel, Notice notice) {
    try {
      return notifier.tell(channel, notice);
    } catch (RuntimeException e) {
      LOG.error("a fault of ours in telling {}", channel.name(), e);
      return new Told.Failed("a fault of ours: " + e.getClass().getSimpleName());
    }
  }

  private Notice notice(Alert alert, int attempt) {
    var subscription = Optional.ofNullable(alert.getSubscriptionId());
    var tenant = Optional.ofNullable(alert.getTenant());
    return new Notice(
        alert.getId(),
        attempt,
        alert.getState().equals(AlertBook.FIRED),
        alert.getRule(),
        Optional.ofNullable(alert.getKind()).orElse(alert.getRule()),
        tenant,
        subscription,
        names.of(new Subject(tenant, subscription)),
        alert.getSummary(),
        Optional.ofNullable(alert.getValue()),
        Optional.ofNullable(alert.getThreshold()),
        alert.getAt(),
        Optional.ofNullable(alert.getSince()),
        Optional.ofNullable(alert.getFiredId()),
        settings.link(subscription));
  }

  /// Interrupts what is under way; it is told again by whoever comes next.
  void stop() {
    tellings.values().forEach(it -> it.thread.ifPresent(Thread::interrupt));
    tellings.clear();
    results.clear();
  }
}
