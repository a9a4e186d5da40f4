package dev.fanfare.dispatcher.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.catalogue.EventType;
import dev.fanfare.schemas.catalogue.SchemaVersion;

/// `/v1/event-types`: what can be subscribed to, with JSON Schema and example.
final class EventTypeResource {
  private final EventCatalogue catalogue;

  EventTypeResource(EventCatalogue catalogue) {
    this.catalogue = catalogue;
  }

  Answer list(Call call) {
    call.allowParameters();
    var json = Json.object();
    var items = json.putArray("items");
    catalogue.types().forEach(type -> items.add(summary(type)));
    json.putNull("next_cursor");
    return Answer.json(200, json);
  }

  /// At its newest version, or at the one asked for.
  Answer show(Call call) {
    call.allowParameters("version");
    var type =
        catalogue
            .find(call.variable("type"))
            .orElseThrow(() -> new ApiProblem(Problem.notFound("there is no such event type")));
    var version =
        call.parameter("version")
            .map(number ->
                type.version(number)
                    .orElseThrow(
                        () -> new ApiProblem(Problem.notFound("the type has no such version"))))
            .orElseGet(type::newest);
    var json = summary(type);
    json.put("schema_version", version.number());
    json.set("json_schema", Json.ours(version.jsonSchema()));
    json.set("example", Json.ours(version.example()));
    return Answer.json(200, json);
  }

  private static ObjectNode summary(EventType type) {
    var json = Json.object();
    json.put("type", type.name());
    json.put("description", type.description());
    json.put("schema_version", type.newest().number());
    var versions = json.putArray("versions");
    type.versions().stream().map(SchemaVersion::number).forEach(versions::add);
    return json;
  }
}
