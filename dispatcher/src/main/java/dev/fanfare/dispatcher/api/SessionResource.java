package dev.fanfare.dispatcher.api;

import static dev.fanfare.dispatcher.api.exchange.Access.ANY_KEY;
import static dev.fanfare.dispatcher.api.exchange.Access.OPEN;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.access.AccessRole;
import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.ObjectReading;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.api.exchange.Route;
import java.util.List;

/// `/v1/session`: a browser shows a key once and gets a cookie, since an `EventSource` can send no
/// `Authorization`, and a key has no place where scripts can read it.
final class SessionResource {
  private final Gate gate;

  SessionResource(Gate gate) {
    this.gate = gate;
  }

  Routes routes() {
    return new Routes(
        List.of(
            new Route("GET", "/v1/session", ANY_KEY, this::show),
            new Route("POST", "/v1/session", OPEN, this::begin),
            new Route("DELETE", "/v1/session", OPEN, this::end)));
  }

  Answer show(Call call) {
    call.allowParameters();
    return Answer.json(200, json(call.caller()));
  }

  Answer begin(Call call) {
    call.allowParameters();
    if (!Sessions.isNoForeignPage(call)) {
      throw foreign();
    }
    var object = ObjectReading.of(Json.read(call.jsonBytes()));
    var key = object.text("api_key");
    if (object.errors().isEmpty() && key.isEmpty()) {
      object.require("api_key");
    }
    object.refuseUnknown();
    if (!object.errors().isEmpty()) {
      throw new ApiProblem(Problem.invalid(object.errors()));
    }
    var session = gate.begin(key.orElseThrow());
    if (session.caller().role() == AccessRole.PRODUCER) {
      throw new ApiProblem(
          Problem.forbidden("a key of the role producer hands in events and can't look at any"));
    }
    return Answer.json(201, json(session.caller()))
        .with("Set-Cookie", Sessions.setCookie(call, session.cookie()));
  }

  /// Forgets the cookie. Whoever kept a copy of it has it until it ends, or the key is revoked.
  Answer end(Call call) {
    call.allowParameters();
    if (!Sessions.isNoForeignPage(call)) {
      throw foreign();
    }
    return Answer.noContent().with("Set-Cookie", Sessions.setCookie(call, ""));
  }

  private static ApiProblem foreign() {
    return new ApiProblem(Problem.forbidden("another site's page may not do this"));
  }

  private static ObjectNode json(Caller caller) {
    var json = Json.object();
    json.put("role", caller.equals(Caller.ANYBODY) ? "open" : caller.role().code());
    json.put("tenant", caller.tenant().orElse(null));
    return json;
  }
}
