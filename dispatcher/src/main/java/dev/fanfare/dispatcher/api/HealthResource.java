package dev.fanfare.dispatcher.api;

import dev.fanfare.dispatcher.api.Component.State;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Json;
import java.util.List;

/// `/health`: alive says that the process answers, ready that every component is well.
final class HealthResource {
  private final List<Component> components;

  HealthResource(List<Component> components) {
    this.components = List.copyOf(components);
  }

  Answer live(Call call) {
    return Answer.json(200, Json.object().put("status", "live"));
  }

  Answer ready(Call call) {
    var json = Json.object();
    var states = components.stream().map(HealthResource::state).toList();
    boolean ready = states.stream().allMatch(State::ready);
    json.put("status", ready ? "ready" : "not_ready");
    var list = json.putArray("components");
    for (int i = 0; i < states.size(); i++) {
      var state = states.get(i);
      list.addObject()
          .put("name", components.get(i).name())
          .put("ready", state.ready())
          .put("detail", state.detail());
    }
    return Answer.json(ready ? 200 : 503, json);
  }

  /// A component that can't even say how it is, is not well.
  private static State state(Component component) {
    try {
      return component.state().get();
    } catch (RuntimeException e) {
      return State.notReady("its state is unknown: " + e.getClass().getSimpleName());
    }
  }
}
