package dev.fanfare.dispatcher.api;

import dev.fanfare.dispatcher.alerting.Alerts;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Cursor;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.schemas.avro.Alert;
import java.util.Optional;
import java.util.function.Predicate;

/// `/v1/alert-rules` and `/v1/alerts`.
final class AlertResource {
  private final Alerts alerts;

  AlertResource(Alerts alerts) {
    this.alerts = alerts;
  }

  /// The caller's own; an operator may ask for a tenant's.
  Answer rules(Call call) {
    call.allowParameters("tenant");
    return Answer.json(200, AlertJson.rules(alerts.rules(call.tenant().orElse(null))));
  }

  Answer replace(Call call) {
    call.allowParameters("tenant");
    var owner = call.tenant().orElse(null);
    var wish = AlertJson.read(Json.read(call.jsonBytes()));
    if (!wish.errors().isEmpty()) {
      throw new ApiProblem(Problem.invalid(wish.errors()));
    }
    var changed = alerts.replace(owner, wish.rules(), wish.version());
    return Answer.json(200, AlertJson.rules(Refusals.done(changed, "rule")));
  }

  Answer list(Call call) {
    call.allowParameters("tenant", "subscription", "state", "limit", "cursor");
    var tenant = call.tenant();
    var subscription = call.parameter("subscription");
    var page =
        alerts.said(
            call.caller().tenant().orElse(null),
            state(call)
                .and(it -> tenant.isEmpty() || tenant.get().equals(it.getTenant()))
                .and(it ->
                    subscription.isEmpty() || subscription.get().equals(it.getSubscriptionId())),
            Lists.after(call),
            Lists.limit(call));
    var json = Json.object();
    var items = json.putArray("items");
    page.items()
        .forEach(it -> items.add(AlertJson.alert(it, alerts.isFiring(it), isOwned(it, call))));
    json.put("next_cursor", page.next().map(Cursor::after).orElse(null));
    return Answer.json(200, json);
  }

  private Predicate<Alert> state(Call call) {
    var wanted = call.parameter("state");
    if (wanted.isEmpty()) {
      return _ -> true;
    }
    return switch (wanted.get()) {
      case "firing" -> alerts::isFiring;
      case "fired", "resolved" -> it -> it.getState().equals(wanted.get());
      default -> throw new ApiProblem(Problem.malformed("state must be firing, fired or resolved"));
    };
  }

  private static boolean isOwned(Alert alert, Call call) {
    var caller = call.caller().tenant();
    return caller.isEmpty() || caller.equals(Optional.ofNullable(alert.getOwner()));
  }
}
