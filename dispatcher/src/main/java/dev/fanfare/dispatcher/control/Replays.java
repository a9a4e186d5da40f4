package dev.fanfare.dispatcher.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.retry.replay.Orders.Hold;
import dev.fanfare.retry.replay.RateCap;
import dev.fanfare.retry.replay.ReplayFilter;
import dev.fanfare.retry.replay.ReplayJob;
import dev.fanfare.retry.replay.ReplayKey;
import dev.fanfare.retry.replay.ReplayRecords;
import dev.fanfare.retry.replay.ReplaySource;
import dev.fanfare.retry.replay.ReplayState;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Makes, shows and steers replays. It only writes what is asked for: whoever owns the job does it.
/// A caller that is bound to a tenant sees its own jobs, and they select what is its own.
/// Thread-safe.
public final class Replays {
  private final KnownReplays known;
  private final ControlTopic topic;
  private final ReplayRules rules;
  private final Sources sources;
  private final double defaultRate;
  private final InstantSource clock;
  private final Dice dice = new Dice();

  /// What is looked into.
  public record Sources(
      KnownSubscriptions subscriptions,
      EventCatalogue catalogue,
      ReplayCount count,
      OriginalDeliveries originals) {}

  /// What a dry run finds.
  public record Estimate(long count, long seconds) {}

  /// @param topic of replays
  /// @param defaultRate of a job that names none
  public Replays(
      KnownReplays known,
      ControlTopic topic,
      Sources sources,
      double defaultRate,
      InstantSource clock) {
    this.known = known;
    this.topic = topic;
    this.rules = new ReplayRules(sources.subscriptions(), sources.catalogue());
    this.sources = sources;
    this.defaultRate = defaultRate;
    this.clock = clock;
  }

  /// Everything that is wrong with a wish; empty when nothing is.
  public List<RequestProblem> problems(ReplaySpec spec, Caller caller) {
    return rules.problems(spec, caller);
  }

  public Change<Estimate> estimate(ReplaySpec spec, Caller caller) {
    var problems = rules.problems(spec, caller);
    if (!problems.isEmpty()) {
      return new Change.Refused<>(problems);
    }
    var job = job(dice.replayId(), spec, caller, List.of());
    return switch (sources.count().of(job)) {
      case ReplayCount.Count.Counted(long count) ->
          new Change.Done<>(
              new Estimate(count, RateCap.estimatedSeconds(count, job.rate().orElse(defaultRate))));
      case ReplayCount.Count.Unavailable(var why) -> new Change.Unavailable<>(why);
    };
  }

  /// @param request what makes the request this one, e.g. its idempotency key and content; empty
  ///   for a request that is never made again
  public Change<ReplayView> create(ReplaySpec spec, Caller caller, byte[] request) {
    var problems = rules.problems(spec, caller);
    if (!problems.isEmpty()) {
      return new Change.Refused<>(problems);
    }
    return make(job(id(caller, request), spec, caller, List.of()));
  }

  /// One delivery again. Where it can't be looked up, the job searches for it.
  public Change<ReplayView> again(String deliveryId, Caller caller, byte[] request) {
    return switch (sources.originals().find(deliveryId)) {
      case OriginalDeliveries.Lookup.Found(var delivery) -> again(delivery, caller, request);
      case OriginalDeliveries.Lookup.Unknown() -> new Change.Unknown<>();
      case OriginalDeliveries.Lookup.Unavailable _ ->
          make(job(id(caller, request), only(deliveryId), caller, List.of()));
    };
  }

  private Change<ReplayView> again(Delivery delivery, Caller caller, byte[] request) {
    if (!caller.sees(delivery.getTenant())) {
      return new Change.Unknown<>();
    }
    var refusal = rules.refusal(delivery.getSubscriptionId(), caller);
    if (refusal.isPresent()) {
      return new Change.Conflict<>(
          "it can't be delivered: " + delivery.getSubscriptionId() + " " + refusal.get());
    }
    return make(
        job(id(caller, request), only(delivery.getDeliveryId()), caller, List.of(delivery)));
  }

  private static ReplaySpec only(String deliveryId) {
    return new ReplaySpec(
        ReplaySource.DELIVERIES.code(), ReplayFilter.only(Set.of(deliveryId)), Optional.empty());
  }

  private Change<ReplayView> make(ReplayJob job) {
    var before = known.find(job.id());
    if (before.isPresent()) {
      return new Change.Done<>(view(before.get()));
    }
    var same = known.all().stream().filter(other -> isUnderWay(other, job)).findFirst();
    if (same.isPresent()) {
      boolean isVisible = job.tenant().isEmpty() || job.tenant().equals(same.get().tenant());
      return new Change.Conflict<>(
          (isVisible ? same.get().id() : "another job")
              + " replays the same and is "
              + same.get().state().word());
    }
    return switch (topic.write(job.id(), ReplayRecords.record(job))) {
      case Written.Acknowledged _ -> new Change.Done<>(view(known.find(job.id()).orElse(job)));
      case Written.Failed(var why) -> new Change.Unavailable<>(why);
    };
  }

  /// Somebody has asked twice. Of other jobs that have deliveries in common nothing is known.
  private static boolean isUnderWay(ReplayJob other, ReplayJob job) {
    return !other.state().isOver()
        && other.source() == job.source()
        && other.filter().equals(job.filter());
  }

  public Optional<ReplayView> find(String id, Caller caller) {
    return known.find(id).filter(it -> isVisible(it, caller)).map(this::view);
  }

  /// The newest first.
  ///
  /// @param tenant only what this one asked for; null for all
  /// @param after what the page before ended with; null for the first
  public Page<ReplayView> list(@Nullable String tenant, @Nullable String after, int limit) {
    Stream<ReplayJob> all =
        known.all().stream()
            .filter(it -> tenant == null || it.tenant().filter(tenant::equals).isPresent());
    return Page.of(all, Replays::place, after, limit).map(this::view);
  }

  private static String place(ReplayJob job) {
    return "%019d:%s".formatted(Long.MAX_VALUE - job.createdAt().toEpochMilli(), job.id());
  }

  public Change<ReplayView> pause(String id, Caller caller) {
    return hold(id, caller, Hold.PAUSE);
  }

  public Change<ReplayView> resume(String id, Caller caller) {
    return hold(id, caller, Hold.RESUME);
  }

  private Change<ReplayView> hold(String id, Caller caller, Hold hold) {
    var job = known.find(id).filter(it -> isVisible(it, caller));
    if (job.isEmpty()) {
      return new Change.Unknown<>();
    }
    var orders = known.orders(id);
    if (job.get().state().isOver() || orders.cancel()) {
      return over(job.get());
    }
    boolean isSo =
        orders.hold() == hold
            || (hold == Hold.RESUME
                && orders.hold() == Hold.NONE
                && !(job.get().state() instanceof ReplayState.Paused));
    return isSo
        ? new Change.Done<>(view(job.get()))
        : write(job.get(), new ReplayKey.OfHold(id), hold.word());
  }

  public Change<ReplayView> cancel(String id, Caller caller) {
    var job = known.find(id).filter(it -> isVisible(it, caller));
    if (job.isEmpty()) {
      return new Change.Unknown<>();
    }
    if (job.get().state() instanceof ReplayState.Cancelled || known.orders(id).cancel()) {
      return new Change.Done<>(view(job.get()));
    }
    return job.get().state().isOver()
        ? over(job.get())
        : write(job.get(), new ReplayKey.OfCancel(id), "cancel");
  }

  private static Change<ReplayView> over(ReplayJob job) {
    var word = job.state().isOver() ? job.state().word() : "being cancelled";
    return new Change.Conflict<>("the replay is " + word);
  }

  private Change<ReplayView> write(ReplayJob job, ReplayKey key, String word) {
    return switch (topic.write(key.text(), ReplayRecords.command(job, word, now()))) {
      case Written.Acknowledged _ -> new Change.Done<>(view(known.find(job.id()).orElse(job)));
      case Written.Failed(var why) -> new Change.Unavailable<>(why);
    };
  }

  private static boolean isVisible(ReplayJob job, Caller caller) {
    return caller.tenant().isEmpty() || caller.tenant().equals(job.tenant());
  }

  private ReplayView view(ReplayJob job) {
    return new ReplayView(job, known.orders(job.id()), job.rate().orElse(defaultRate));
  }

  private ReplayJob job(String id, ReplaySpec spec, Caller caller, List<Delivery> picked) {
    var now = now();
    return new ReplayJob(
        id,
        caller.tenant(),
        ReplaySource.find(spec.source()).orElseThrow(),
        caller.tenant().map(spec.filter()::within).orElse(spec.filter()),
        spec.rate(),
        new ReplayState.Planned(),
        picked,
        Optional.empty(),
        now,
        now);
  }

  /// The same for a request that comes again, also by way of another process.
  private String id(Caller caller, byte[] request) {
    if (request.length == 0) {
      return dice.replayId();
    }
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(("replay\n" + caller.key() + "\n").getBytes(UTF_8));
      return Dice.replayId(sha.digest(request));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
