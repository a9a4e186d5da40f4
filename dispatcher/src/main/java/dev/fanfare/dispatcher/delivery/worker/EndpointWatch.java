package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.Sample;
import dev.fanfare.dispatcher.delivery.outcome.DisableReason;
import dev.fanfare.dispatcher.delivery.outcome.EndpointHealth;
import dev.fanfare.dispatcher.delivery.outcome.EndpointHealth.Finding;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionTable;
import dev.fanfare.retry.deadletter.DeadLetterReason;
import dev.fanfare.schemas.avro.Alert;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EndpointState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Keeps count of what endpoints do, and gives up those that are gone, ask for it, or have failed
/// for too long. What it finds is written in the transaction that settles the attempt which showed
/// it, so a worker that has been fenced says nothing.
///
/// Owned by the worker's loop; not thread-safe.
final class EndpointWatch {
  private static final Logger LOG = LoggerFactory.getLogger(EndpointWatch.class);
  private static final String RULE = "endpoint_disabled";
  private static final String DELETED_RULE = "endpoint_deleted";

  /// Subscriptions whose owners were told; told again after more than that, under the same ids.
  private static final int MOST_TOLD = 10_000;

  private final Map<String, Watched> endpoints = new HashMap<>();
  private final Set<String> told = new HashSet<>();
  private final SubscriptionTable table;
  private final OutgoingRecords outgoing;
  private final Duration giveUpAfter;
  private final WorkerMetrics metrics;
  private final Lanes.Settling settling;

  EndpointWatch(
      SubscriptionTable table,
      OutgoingRecords outgoing,
      Duration giveUpAfter,
      WorkerMetrics metrics,
      Lanes.Settling settling) {
    this.table = table;
    this.outgoing = outgoing;
    this.giveUpAfter = giveUpAfter;
    this.metrics = metrics;
    this.settling = settling;
  }

  /// Of the subscription as it is stored; 0 when it is not.
  long version(String subscription) {
    return table.stored(subscription).map(stored -> stored.getVersion()).orElse(0L);
  }

  /// An attempt has ended by itself.
  void ended(FinishedAttempt attempt, Instant now) {
    if (attempt.sample() == Sample.NEUTRAL) {
      return;
    }
    var id = attempt.received().delivery().getSubscriptionId();
    long version = attempt.ticket().version();
    var watched = endpoints.get(id);
    if (watched == null) {
      if (attempt.sample() == Sample.SUCCESS && table.endpoint(id).isEmpty()) {
        return; // nothing to know, nothing to take back: nearly always
      }
      watched = new Watched(version, new EndpointHealth(giveUpAfter));
      endpoints.put(id, watched);
    }
    if (version < watched.version) {
      return; // its owner has written something new since it began
    }
    if (version > watched.version) {
      watched = new Watched(version, new EndpointHealth(giveUpAfter));
      endpoints.put(id, watched);
    }
    judge(attempt, watched, now.truncatedTo(ChronoUnit.MILLIS));
  }

  private void judge(FinishedAttempt attempt, Watched watched, Instant now) {
    var received = attempt.received();
    var delivery = received.delivery();
    if (attempt.stop().isPresent()) {
      if (!watched.givenUp) {
        giveUp(received, watched, attempt.stop().get(), now, now);
      }
      return;
    }
    var id = delivery.getSubscriptionId();
    var told =
        table.endpoint(id).filter(state -> state.getSubscriptionVersion() == watched.version);
    var since = told.map(EndpointState::getFailingSince).orElse(null);
    var finding =
        attempt.sample() == Sample.SUCCESS
            ? watched.health.succeeded(since)
            : watched.health.failed(since, now);
    switch (finding) {
      case Finding.Nothing _ -> {}
      case Finding.Failing(var first) ->
          settling.noted(
              received.partition(), List.of(outgoing.endpoint(state(id, watched, first).build())));
      case Finding.Well _ ->
          settling.noted(received.partition(), List.of(outgoing.endpointWell(id)));
      case Finding.GivenUp(var first) ->
          giveUp(received, watched, DisableReason.FAILING, first, now);
    }
  }

  private void giveUp(
      Received received, Watched watched, DisableReason reason, Instant since, Instant now) {
    watched.givenUp = true;
    var delivery = received.delivery();
    var id = delivery.getSubscriptionId();
    LOG.warn("subscription {} is disabled: {}", id, reason.code());
    metrics.disabled(reason);
    var state = state(id, watched, since).setDisabledAt(now).setReason(reason.code()).build();
    settling.noted(
        received.partition(),
        List.of(outgoing.endpoint(state), outgoing.alert(alert(delivery, watched, reason, now))));
  }

  /// A delivery dies without an attempt. If that is because its owner has stopped the subscription,
  /// one alert says so, however many die; of what was given up here, one has been written.
  void died(Received received, DeadLetterReason reason, Instant now) {
    var id = received.delivery().getSubscriptionId();
    boolean deleted = reason == DeadLetterReason.ENDPOINT_DELETED;
    if (!deleted && (reason != DeadLetterReason.ENDPOINT_DISABLED || isGivenUp(id))) {
      return;
    }
    if (told.size() >= MOST_TOLD) {
      told.clear();
    }
    var alertId = deleted ? DELETED_RULE + "_" + id : RULE + "_" + id + "_" + version(id);
    if (told.add(alertId)) {
      LOG.info("what waits for subscription {} is dead: {}", id, reason.code());
      var alert = alert(received, deleted ? DELETED_RULE : RULE, alertId, now);
      settling.noted(received.partition(), List.of(outgoing.alert(alert)));
    }
  }

  private boolean isGivenUp(String id) {
    var why = table.stored(id).map(stored -> stored.getStatusReason());
    return Arrays.stream(DisableReason.values())
        .anyMatch(reason -> why.filter(reason.code()::equals).isPresent());
  }

  private static Alert alert(Received received, String rule, String alertId, Instant now) {
    return Alert.newBuilder()
        .setId(alertId)
        .setRule(rule)
        .setTenant(received.delivery().getTenant())
        .setSubscriptionId(received.delivery().getSubscriptionId())
        .setState("fired")
        .setSummary(
            rule.equals(DELETED_RULE)
                ? "The subscription was deleted while deliveries waited for it; they are"
                    + " dead-lettered."
                : "The subscription was disabled by its owner; what waits for it is dead-lettered"
                    + " and can be replayed when it is active again.")
        .setAt(now.truncatedTo(ChronoUnit.MILLIS))
        .build();
  }

  private static EndpointState.Builder state(String id, Watched watched, Instant failingSince) {
    return EndpointState.newBuilder()
        .setSubscriptionId(id)
        .setSubscriptionVersion(watched.version)
        .setFailingSince(failingSince);
  }

  /// The same finding has the same id, whoever comes to it.
  private static Alert alert(
      Delivery delivery, Watched watched, DisableReason reason, Instant now) {
    var id = delivery.getSubscriptionId();
    return Alert.newBuilder()
        .setId(RULE + "_" + id + "_" + watched.version)
        .setRule(RULE)
        .setTenant(delivery.getTenant())
        .setSubscriptionId(id)
        .setState("fired")
        .setSummary(
            reason.summary()
                + " Its subscription is disabled; what waits for it is dead-lettered and can be"
                + " replayed.")
        .setAt(now)
        .build();
  }

  /// Whether nothing is known here that has not been written down.
  boolean isForgettable(String subscription) {
    return Optional.ofNullable(endpoints.get(subscription))
        .map(watched -> watched.health.isForgettable())
        .orElse(true);
  }

  void forget(String subscription) {
    endpoints.remove(subscription);
  }

  private static final class Watched {
    final long version;
    final EndpointHealth health;
    boolean givenUp;

    Watched(long version, EndpointHealth health) {
      this.version = version;
      this.health = health;
    }
  }
}
