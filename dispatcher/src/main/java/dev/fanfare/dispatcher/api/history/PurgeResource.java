package dev.fanfare.dispatcher.api.history;

import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.schemas.id.TenantId;
import java.time.Duration;
import java.time.InstantSource;

/// `/v1/tenants/{id}/data`: what the log holds of a tenant. What the topics hold goes with their
/// retention.
final class PurgeResource {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final Duration LOOK = Duration.ofMillis(500);

  private final LogRole log;
  private final InstantSource clock;

  PurgeResource(LogRole log, InstantSource clock) {
    this.log = log;
    this.clock = clock;
  }

  /// 200 when every partition has forgotten the tenant; 202 while some have not, those that can't
  /// be reached among them: then it is to be asked again.
  Answer purge(Call call) {
    call.allowParameters();
    var tenant = call.variable("id");
    if (!TenantId.isValid(tenant) || !call.caller().sees(tenant)) {
      throw new ApiProblem(Problem.notFound("there is no such tenant"));
    }
    var queries = Lists.queries(log);
    var until = clock.instant().plus(PATIENCE);
    var left = queries.purge(tenant, true);
    while (!left.isEmpty() && clock.instant().isBefore(until)) {
      try {
        Thread.sleep(LOOK);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        break;
      }
      left = queries.purge(tenant, false);
    }
    var json = Json.object();
    json.put("tenant", tenant).put("state", left.isEmpty() ? "forgotten" : "under_way");
    json.put(
        "remains",
        "records in Kafka until their topics' retention ends: deliveries, attempts, dead letters,"
            + " events");
    return Answer.json(left.isEmpty() ? 200 : 202, Lists.lacking(json, left));
  }
}
