package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.retry.replay.RateCap;
import dev.fanfare.retry.replay.ReplayFilter;
import dev.fanfare.retry.replay.ReplaySource;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// What a replay must be. What does not apply to a source is refused rather than passed over: it
/// would select more than was meant.
final class ReplayRules {
  private static final String DISABLED = "disabled";

  /// What still waits would be delivered twice.
  private static final Set<String> STATUSES = Set.of("delivered", "dead_lettered", "cancelled");

  private final KnownSubscriptions subscriptions;
  private final EventCatalogue catalogue;

  ReplayRules(KnownSubscriptions subscriptions, EventCatalogue catalogue) {
    this.subscriptions = subscriptions;
    this.catalogue = catalogue;
  }

  /// Everything that is wrong with a wish; empty when nothing is.
  List<RequestProblem> problems(ReplaySpec spec, Caller caller) {
    var problems = new ArrayList<RequestProblem>();
    var source = ReplaySource.find(spec.source());
    if (source.isEmpty()) {
      problems.add(new RequestProblem("/source", "must be dead-letters, deliveries or events"));
    }
    if (spec.rate().filter(rate -> !(rate >= RateCap.LEAST && rate <= RateCap.MOST)).isPresent()) {
      problems.add(new RequestProblem("/rate", "must be from 0.01 to 100000 a second"));
    }
    source.ifPresent(it -> problems.addAll(inapplicable(it, spec.filter())));
    problems.addAll(unusable(spec.filter(), caller));
    return problems;
  }

  private static List<RequestProblem> inapplicable(ReplaySource source, ReplayFilter filter) {
    var problems = new ArrayList<RequestProblem>();
    var what = "does not apply to the source " + source.code();
    if (source != ReplaySource.DEAD_LETTERS) {
      only(!filter.reasons().isEmpty(), "/filter/reasons", what, problems);
      only(filter.fingerprint().isPresent(), "/filter/fingerprint", what, problems);
    }
    if (source != ReplaySource.DELIVERIES) {
      only(filter.status().isPresent(), "/filter/status", what, problems);
    }
    if (source == ReplaySource.EVENTS) {
      only(!filter.ids().isEmpty(), "/filter/ids", what, problems);
      only(
          filter.subscription().isEmpty(),
          "/filter/subscription",
          "is required: a backfill is for one subscription",
          problems);
    }
    return problems;
  }

  private List<RequestProblem> unusable(ReplayFilter filter, Caller caller) {
    var problems = new ArrayList<RequestProblem>();
    filter
        .subscription()
        .flatMap(id -> refusal(id, caller))
        .ifPresent(why -> problems.add(new RequestProblem("/filter/subscription", why)));
    only(
        filter.tenant().filter(it -> !caller.sees(it)).isPresent(),
        "/filter/tenant",
        "is no tenant of yours",
        problems);
    only(
        filter.since().isPresent()
            && filter.until().filter(it -> !filter.since().get().isBefore(it)).isPresent(),
        "/filter/until",
        "must be later than since",
        problems);
    only(
        filter.status().filter(it -> !STATUSES.contains(it)).isPresent(),
        "/filter/status",
        "must be delivered, dead_lettered or cancelled; what still waits is delivered anyway",
        problems);
    for (var type : filter.types()) {
      only(
          !catalogue.isUsable(type),
          "/filter/types",
          "'" + type + "' selects no event type; see GET /v1/event-types",
          problems);
    }
    for (var reason : filter.reasons()) {
      only(
          !ReplayFilter.isReason(reason),
          "/filter/reasons",
          "'" + reason + "' is no reason of a dead letter",
          problems);
    }
    return problems;
  }

  /// Why a subscription can get nothing; empty when it can.
  Optional<String> refusal(String id, Caller caller) {
    var stored = subscriptions.stored(id).filter(it -> caller.sees(it.getTenant()));
    if (stored.isEmpty()) {
      return Optional.of("is no subscription; it may have been deleted");
    }
    return stored.get().getStatus().equals(DISABLED)
        ? Optional.of("is disabled; resume it first")
        : Optional.empty();
  }

  private static void only(
      boolean wrong, String pointer, String detail, List<RequestProblem> problems) {
    if (wrong) {
      problems.add(new RequestProblem(pointer, detail));
    }
  }
}
