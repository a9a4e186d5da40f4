package dev.fanfare.dispatcher.api.history;

import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.dispatcher.log.entry.Minute;
import dev.fanfare.dispatcher.log.entry.Position;
import dev.fanfare.dispatcher.log.query.Balance;
import dev.fanfare.dispatcher.log.query.Inflow;
import dev.fanfare.dispatcher.log.query.LogQueries;
import dev.fanfare.retry.ladder.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/// `/v1/ledger`, `/v1/statistics`, `/v1/breakers` and `/v1/overview`.
final class LedgerResource {
  private static final Duration USUAL_SPAN = Duration.ofHours(1);
  private static final int MOST_MINUTES = 10_080;
  private static final int MOST_STEPS = 1_500;
  private static final int LAST_MINUTES = 5;
  private static final String EVERYBODY = "";

  private final LogRole log;
  private final InstantSource clock;

  LedgerResource(LogRole log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
  }

  Answer sum(Call call) {
    call.allowParameters();
    var sum = Lists.queries(log).sum();
    var json = LedgerJson.sum(sum);
    if (!sum.missing().isEmpty()) {
      var _ = Lists.lacking(json, sum.missing());
    }
    return Answer.json(200, json);
  }

  Answer unaccounted(Call call) {
    call.allowParameters();
    var lost = Lists.queries(log).unaccounted();
    return Lists.all(lost.items(), LedgerJson::lost, lost.missing());
  }

  Answer statistics(Call call) {
    call.allowParameters("subscription", "tenant", "since", "until", "step");
    var until = Filters.time(call, "until").orElseGet(() -> clock.instant().plusSeconds(60));
    var since = Filters.time(call, "since").orElseGet(() -> until.minus(USUAL_SPAN));
    int step = call.parameter("step").map(LedgerResource::step).orElse(1);
    long from = Math.floorDiv(Minute.of(since.toEpochMilli()), step) * step;
    long to = Minute.of(until.toEpochMilli() + 59_999);
    if (to <= from || to - from > MOST_MINUTES || (to - from) / step > MOST_STEPS) {
      throw new ApiProblem(
          Problem.malformed(
              "until must be after since, by at most 7d and at most %d steps"
                  .formatted(MOST_STEPS)));
    }
    var queries = Lists.queries(log);
    if (isForeign(call, queries)) {
      return Lists.all(List.<LogQueries.Step>of(), LedgerJson::step, Set.of());
    }
    var steps = queries.statistics(scope(call), from, to, step);
    return Lists.all(steps.items(), LedgerJson::step, steps.missing());
  }

  /// Whether a caller that is bound to a tenant asks for a subscription of which the log knows
  /// nothing under that tenant.
  private static boolean isForeign(Call call, LogQueries queries) {
    var subscription = Filters.text(call, "subscription");
    return call.caller().tenant().isPresent()
        && subscription.isPresent()
        && queries
            .deliveries(Filters.selection(call), new Position(Long.MAX_VALUE, ""), 1)
            .items()
            .isEmpty();
  }

  private static String scope(Call call) {
    return Filters.text(call, "subscription")
        .map(it -> "s" + it)
        .or(() -> Filters.tenant(call).map(it -> "t" + it))
        .orElse(EVERYBODY);
  }

  private static int step(String text) {
    try {
      var step = DurationText.parse(text);
      if (step.toSeconds() % 60 == 0 && step.toMinutes() >= 1 && step.toMinutes() <= MOST_MINUTES) {
        return (int) step.toMinutes();
      }
    } catch (IllegalArgumentException e) {
      // Said below.
    }
    throw new ApiProblem(Problem.malformed("step must be whole minutes, such as 1m, 5m or 1h"));
  }

  /// What the dashboard's first page shows.
  Answer overview(Call call) {
    call.allowParameters("tenant");
    var queries = Lists.queries(log);
    var now = clock.instant();
    boolean narrowed = call.caller().tenant().isPresent();
    var lately = lately(queries, Filters.tenant(call).map(it -> "t" + it).orElse(EVERYBODY), now);
    var json = Json.object();
    json.put("at", now.toString());
    var rates = LedgerJson.minute(json.putObject("last_5_minutes"), lately);
    rates.put(
        "success_rate",
        lately.attempts() == 0 ? null : (Double) ((double) lately.delivered() / lately.attempts()));
    if (narrowed) {
      return Answer.json(200, json); // the sums are everybody's
    }
    var seen = log.inflow().flatMap(it -> it.lately(Duration.ofMinutes(LAST_MINUTES)));
    json.putObject("events")
        .put("last_5_minutes", seen.map(Inflow.Seen::events).orElse(null))
        .put("waiting", seen.map(Inflow.Seen::waiting).orElse(null));
    var sum = queries.sum();
    json.set("ledger", LedgerJson.sum(sum));
    var waiting = json.putArray("waiting");
    for (var rung : new TreeSet<>(sum.waiting().keySet())) {
      waiting
          .addObject()
          .put("rung", rung.isEmpty() ? "deliveries" : rung)
          .put("waiting", sum.waiting().getOrDefault(rung, 0L))
          .put("overdue", sum.overdue().getOrDefault(rung, 0L))
          .put("first_due_at", due(sum, rung, Balance.Due::first))
          .put("last_due_at", due(sum, rung, Balance.Due::last));
    }
    json.put("complete", sum.missing().isEmpty());
    return Answer.json(200, Lists.lacking(json, sum.missing()));
  }

  private static @Nullable String due(
      LogQueries.Sum sum, String rung, ToLongFunction<Balance.Due> which) {
    var due = sum.due().get(rung);
    return due == null ? null : DeliveryJson.time(which.applyAsLong(due));
  }

  /// Endpoints that are left alone, or tried with one attempt at a time.
  Answer breakers(Call call) {
    call.allowParameters("subscription", "tenant");
    var tenant = Filters.tenant(call);
    var all = Lists.queries(log).interruptions(Filters.text(call, "subscription").orElse(null));
    long now = clock.millis();
    return Lists.all(
        all.items().stream()
            .filter(it -> tenant.isEmpty() || tenant.get().equals(it.tenant()))
            .toList(),
        it -> LedgerJson.breaker(it, now),
        all.missing());
  }

  private static Minute lately(LogQueries queries, String scope, Instant now) {
    long minute = Minute.of(now.toEpochMilli());
    return queries
        .statistics(scope, minute - LAST_MINUTES, minute + 1, LAST_MINUTES + 1)
        .items()
        .stream()
        .map(LogQueries.Step::sum)
        .reduce(Minute.EMPTY, Minute::plus);
  }
}
