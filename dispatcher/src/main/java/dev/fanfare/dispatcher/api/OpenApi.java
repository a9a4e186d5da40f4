package dev.fanfare.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.api.exchange.Route;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The OpenAPI 3.1 description of the routes that a process answers: paths, keys and roles are
/// those of the routes themselves, words and contents come from `openapi.json` beside this class. A
/// route without words there is described all the same, and marked `x-undocumented`.
final class OpenApi {
  private static final String JSON = "application/json";
  private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");
  private static final String SCHEMA = "#/components/schemas/";

  private final JsonNode words;

  private OpenApi(JsonNode words) {
    this.words = words;
  }

  static OpenApi load() {
    try (var in = OpenApi.class.getResourceAsStream("openapi.json")) {
      if (in == null) {
        throw new IllegalStateException("the class path lacks openapi.json");
      }
      return new OpenApi(Json.read(in.readAllBytes()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  ObjectNode describe(List<Route> routes) {
    var json = Json.object().put("openapi", "3.1.0");
    var info = words.path("info").<ObjectNode>deepCopy();
    info.put("version", "v1");
    json.set("info", info);
    var paths = json.putObject("paths");
    for (var route : routes) {
      if (isDescribed(route)) {
        paths
            .withObjectProperty(route.path())
            .set(route.method().toLowerCase(Locale.ROOT), operation(route));
      }
    }
    var components = json.putObject("components");
    components.set("schemas", words.path("schemas").deepCopy());
    components
        .putObject("securitySchemes")
        .putObject("key")
        .put("type", "http")
        .put("scheme", "bearer");
    return json;
  }

  /// The dashboard's pages are for people.
  private boolean isDescribed(Route route) {
    return route.access().needsKey()
        || route.path().startsWith("/v1")
        || words.path("operations").has(name(route));
  }

  static String name(Route route) {
    return route.method() + " " + route.path();
  }

  private ObjectNode operation(Route route) {
    var known = words.path("operations").path(name(route));
    var json = Json.object();
    json.put("operationId", operationId(route));
    json.put("summary", known.path("summary").asText(name(route)));
    if (known.isMissingNode()) {
      json.put("x-undocumented", true);
    }
    if (known.has("tag")) {
      json.putArray("tags").add(known.path("tag").asText());
    }
    var security = json.putArray("security");
    if (route.access().needsKey()) {
      security.addObject().putArray("key");
      var roles = json.putArray("x-roles");
      route.access().roles().stream().map(it -> it.code()).sorted().forEach(roles::add);
    }
    parameters(json, route, known);
    request(json, known);
    responses(json, known);
    return json;
  }

  private static String operationId(Route route) {
    var words = new StringBuilder(route.method().toLowerCase(Locale.ROOT));
    for (var part : route.path().split("[^A-Za-z0-9]+", -1)) {
      if (!part.isEmpty() && !part.equals("v1")) {
        words.append(Character.toUpperCase(part.charAt(0))).append(part.substring(1));
      }
    }
    return words.toString();
  }

  private static void parameters(ObjectNode json, Route route, JsonNode known) {
    var parameters = json.putArray("parameters");
    var variables = VARIABLE.matcher(route.path());
    while (variables.find()) {
      parameter(parameters.addObject(), variables.group(1), "path").put("required", true);
    }
    known.path("query").forEach(name -> parameter(parameters.addObject(), name.asText(), "query"));
    if (route.method().equals("POST")) {
      parameter(parameters.addObject(), "Idempotency-Key", "header");
    }
    if (route.path().equals("/v1/subscriptions/{id}") && !route.method().equals("GET")) {
      parameter(parameters.addObject(), "If-Match", "header");
    }
  }

  private static ObjectNode parameter(ObjectNode parameter, String name, String in) {
    parameter.put("name", name).put("in", in).putObject("schema").put("type", "string");
    return parameter;
  }

  private void request(ObjectNode json, JsonNode known) {
    if (!known.has("request")) {
      return;
    }
    var body = json.putObject("requestBody");
    body.put("required", !known.path("optional_request").asBoolean());
    var contents = body.putObject("content");
    content(contents, known.path("media").asText(JSON), known.path("request").asText());
    known
        .path("more_requests")
        .properties()
        .forEach(it -> content(contents, it.getKey(), it.getValue().asText()));
  }

  private void content(ObjectNode contents, String media, String schema) {
    var content = contents.putObject(media);
    content.putObject("schema").put("$ref", SCHEMA + schema);
    var example = words.path("schemas").path(schema).path("examples").path(0);
    if (!example.isMissingNode()) {
      content.set("example", example.deepCopy());
    }
  }

  private static void answer(ObjectNode response, String schema) {
    response.putObject("content").putObject(JSON).putObject("schema").put("$ref", SCHEMA + schema);
  }

  private static void responses(ObjectNode json, JsonNode known) {
    var responses = json.putObject("responses");
    var good =
        responses.putObject(known.path("status").asText("200")).put("description", "It is so.");
    if (known.has("response_media")) {
      good.putObject("content").putObject(known.path("response_media").asText());
    } else if (known.has("response")) {
      answer(good, known.path("response").asText());
    }
    known
        .path("also")
        .properties()
        .forEach(it ->
            answer(
                responses.putObject(it.getKey()).put("description", "That, or this."),
                it.getValue().asText()));
    responses
        .putObject("default")
        .put("description", "What was wrong, as problem details (RFC 9457).")
        .putObject("content")
        .putObject(Problem.MEDIA_TYPE)
        .putObject("schema")
        .put("$ref", SCHEMA + "Problem");
  }
}
