package dev.fanfare.dispatcher.api.history;

import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.dispatcher.log.query.LogQueries;

/// `/v1/deliveries` and `/v1/dead-letters`.
final class DeliveryResource {
  private static final int RETRY_AFTER = 2;

  private final LogRole log;

  DeliveryResource(LogRole log) {
    this.log = log;
  }

  Answer list(Call call) {
    call.allowParameters(Filters.DELIVERIES);
    return Lists.page(
        Lists.queries(log)
            .deliveries(Filters.selection(call), Filters.cursor(call), Filters.limit(call)));
  }

  Answer show(Call call) {
    call.allowParameters();
    var found = Lists.queries(log).find(call.variable("id"));
    if (found.story().filter(it -> call.caller().sees(tenantOf(it))).isPresent()) {
      return Answer.json(200, DeliveryJson.story(found.story().get()));
    }
    throw new ApiProblem(
        found.missing().isEmpty() || found.story().isPresent()
            ? Problem.notFound("there is no delivery of this id, or the log has forgotten it")
            : Problem.unavailable(
                "the part of the log that may have it can't be asked at the moment", RETRY_AFTER));
  }

  private static String tenantOf(LogQueries.Story story) {
    return story.state().names().tenant();
  }

  Answer letters(Call call) {
    call.allowParameters(Filters.LETTERS);
    return Lists.page(
        Lists.queries(log)
            .letters(Filters.selection(call), Filters.cursor(call), Filters.limit(call)));
  }

  Answer groups(Call call) {
    call.allowParameters(Filters.GROUPS);
    var groups = Lists.queries(log).groups(Filters.selection(call));
    return Lists.all(groups.items(), LedgerJson::group, groups.missing());
  }
}
