package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.app.TestFanfare.Reply;
import dev.fanfare.dispatcher.ingest.Senders;
import dev.fanfare.dispatcher.ingest.adapter.Provider;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// The description against what is answered.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OpenApiIT {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @TempDir private static Path scratch;
  private static TestFanfare fanfare;
  private static JsonNode document;

  @BeforeAll
  static void start() {
    var config =
        TestFanfare.config(
            SharedKafka.bootstrap(),
            SharedKafka.prefix(OpenApiIT.class),
            "api_key: " + TestFanfare.KEY,
            """
            ingest: {sources: {sparkpost: {provider: sparkpost, tenant: acme, key: "%s"}}}
            """
                .formatted(new Senders(scratch).key(Provider.SPARKPOST)));
    fanfare = TestFanfare.start(config, Set.of(Role.API));
    document = fanfare.send(fanfare.anonymous("/openapi.json").GET()).json();
  }

  @AfterAll
  static void stop() {
    fanfare.close();
  }

  private record Operation(String method, String path, JsonNode json) {
    @Override
    public String toString() {
      return method + " " + path;
    }
  }

  private static List<Operation> operations() {
    var all = new ArrayList<Operation>();
    document
        .path("paths")
        .properties()
        .forEach(path ->
            path.getValue()
                .properties()
                .forEach(it ->
                    all.add(
                        new Operation(
                            it.getKey().toUpperCase(Locale.ROOT), path.getKey(), it.getValue()))));
    return all;
  }

  @Test
  void everyRouteIsDescribedInWordsAndNothingElseIs() {
    assertThat(document.path("openapi").asText()).isEqualTo("3.1.0");
    var described = operations().stream().map(Operation::toString).toList();
    assertThat(operations()).noneMatch(it -> it.json().has("x-undocumented"));
    assertThat(fanfare.routes().routes().stream().map(OpenApi::name)).containsAll(described);
    assertThat(described)
        .containsAll(
            fanfare.routes().routes().stream()
                .filter(it -> it.access().needsKey())
                .map(OpenApi::name)
                .toList());
    var ids = operations().stream().map(it -> it.json().path("operationId").asText()).toList();
    assertThat(new HashSet<>(ids)).hasSameSizeAs(ids);
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    for (var place : document.findValues("$ref")) {
      assertThat(document.at(place.asText().substring(1)).isMissingNode())
          .as(place.asText())
          .isFalse();
    }
  }

  @Test
  void theParametersAreThoseThatAreTaken() {
    for (var operation : operations()) {
      var path = operation.path().replaceAll("\\{\\w+}", "none");
      for (var parameter : operation.json().path("parameters")) {
        if (parameter.path("in").asText().equals("query")) {
          var reply =
              call(operation.method(), path + "?" + parameter.path("name").asText() + "=1", "{}");
          assertThat(reply.text())
              .as(operation + " " + parameter)
              .doesNotContain("unknown parameter");
        }
      }
      if (operation.path().startsWith("/v1")) {
        var reply = call(operation.method(), path + "?nothing_of_ours=1", "{}");
        assertThat(reply.status()).as(operation.toString()).isIn(400, 404);
      }
    }
  }

  /// First, before anything of a similar name has been made.
  @Test
  @Order(1)
  void theExamplesAreTaken() {
    for (var operation : operations()) {
      var content = operation.json().path("requestBody").path("content");
      for (var media : content.properties()) {
        var example = media.getValue().path("example");
        assertThat(example.isMissingNode()).as(operation.toString()).isFalse();
        if (!operation.path().matches(".*\\{.*|/v1/(session|replays)")) {
          var reply =
              example.isTextual()
                  ? lines(operation.path(), example.asText())
                  : call(operation.method(), operation.path(), example.toString());
          var good = operation.json().path("responses").properties().iterator().next().getKey();
          assertThat(reply.status() + "").as(operation + ": " + reply.text()).isEqualTo(good);
          assertKnown(operation, reply.json());
        }
      }
    }
  }

  /// What is answered has no field that the description does not know.
  private static void assertKnown(Operation operation, JsonNode answer) {
    var schema = operation.json().findValue("responses").findValue("$ref").asText();
    var known = new HashSet<String>();
    document
        .at(schema.substring(1))
        .findValues("properties")
        .forEach(it -> it.fieldNames().forEachRemaining(known::add));
    document
        .at(schema.substring(1))
        .findValues("$ref")
        .forEach(it ->
            document
                .at(it.asText().substring(1))
                .path("properties")
                .fieldNames()
                .forEachRemaining(known::add));
    var names = new ArrayList<String>();
    answer.fieldNames().forEachRemaining(names::add);
    assertThat(known).as(operation.toString()).containsAll(names);
  }

  /// Every field of every request: of the wrong type, missing, huge, and of hostile text.
  @Test
  void nothingThatIsSentMakesAnErrorOfOurs() {
    var dice = new Random(1);
    var id =
        call(
                "POST",
                "/v1/subscriptions",
                "{\"tenant\":\"fuzz\",\"url\":\"https://example.com/\",\"event_types\":[\"*\"]}")
            .json()
            .path("id")
            .asText();
    for (var operation : operations()) {
      var ref = operation.json().path("requestBody").findValue("$ref");
      if (ref == null || operation.path().endsWith("/test")) {
        continue;
      }
      var schema = document.at(ref.asText().substring(1));
      var path = operation.path().replaceAll("\\{\\w+}", id);
      for (var body : hostile(schema, dice)) {
        assertNoErrorOfOurs(operation, body, call(operation.method(), path, body.toString()));
      }
    }
  }

  private static void assertNoErrorOfOurs(Object operation, JsonNode body, Reply reply) {
    var sent = body.toString();
    assertThat(reply.status())
        .as(operation + " " + sent.substring(0, Math.min(200, sent.length())))
        .isLessThan(500);
    assertThat(reply.text()).doesNotContain("Exception").doesNotContain("\tat ");
  }

  /// The same events as lines; a few thousand in one stream, and one by one.
  @Test
  void norDoesAnyLine() {
    var bodies = hostile(document.at("/components/schemas/Event"), new Random(2));
    var all = new StringBuilder();
    for (var body : bodies) {
      all.append(body).append('\n');
      assertNoErrorOfOurs("a line", body, lines("/v1/events", body + "\n"));
    }
    var reply = lines("/v1/events", all.toString());
    assertNoErrorOfOurs("all lines", NODES.textNode(""), reply);
    assertThat(reply.json().path("accepted").asInt() + reply.json().path("refused").asInt())
        .isEqualTo(bodies.size());
  }

  /// Every value at any depth of what a provider posts, proven to be its own.
  @Test
  void norDoesAnyReportOfAProvider() {
    var reports = Senders.fixture("sparkpost.json");
    var dice = new Random(3);
    for (var report : reports) {
      for (var place : places(report)) {
        for (int i = 0; i < 3; i++) {
          JsonNode hostile = report.deepCopy();
          put(hostile, place, odd().get(dice.nextInt(odd().size())));
          var request = fanfare.anonymous("/v1/ingest/sparkpost");
          Senders.basic().forEach(request::header);
          var reply = fanfare.send(request.POST(BodyPublishers.ofString("[" + hostile + "]")));
          assertNoErrorOfOurs(place, hostile, reply);
          assertThat(reply.status()).as(place).isIn(200, 400);
        }
      }
    }
  }

  /// As JSON pointers.
  private static List<String> places(JsonNode json) {
    var found = new ArrayList<String>();
    json.properties()
        .forEach(it -> {
          found.add("/" + it.getKey());
          places(it.getValue()).forEach(below -> found.add("/" + it.getKey() + below));
        });
    return found;
  }

  private static void put(JsonNode json, String place, JsonNode value) {
    int last = place.lastIndexOf('/');
    ((ObjectNode) json.at(place.substring(0, last))).set(place.substring(last + 1), value);
  }

  private static Reply lines(String path, String body) {
    return fanfare.send(
        fanfare
            .request(path)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofString(body)));
  }

  private static List<JsonNode> hostile(JsonNode schema, Random dice) {
    var bodies = new ArrayList<JsonNode>(odd());
    var example = schema.path("examples").path(0);
    var names = new ArrayList<String>();
    schema.path("properties").fieldNames().forEachRemaining(names::add);
    example.fieldNames().forEachRemaining(names::add);
    for (var name : names) {
      for (var value : odd()) {
        bodies.add(base(example).set(name, value));
      }
      for (var below : below(schema.path("properties").path(name))) {
        for (var value : odd()) {
          var nested = base(example.path(name));
          nested.set(below, value);
          bodies.add(base(example).set(name, nested));
        }
      }
      var without = base(example);
      without.remove(name);
      bodies.add(without);
      var nested = NODES.objectNode();
      nested.set(name, odd().get(dice.nextInt(odd().size())));
      bodies.add(base(example).set(name, nested));
    }
    return bodies;
  }

  /// What a field that is an object is made of.
  private static List<String> below(JsonNode field) {
    var ref = field.path("$ref").asText();
    var schema = ref.isEmpty() ? field : document.at(ref.substring(1));
    var names = new ArrayList<String>();
    schema.path("properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static ObjectNode base(JsonNode example) {
    return example instanceof ObjectNode object ? object.deepCopy() : NODES.objectNode();
  }

  private static List<JsonNode> odd() {
    var many = NODES.arrayNode();
    for (int i = 0; i < 1_000; i++) {
      many.add("x" + i);
    }
    ArrayNode mixed = NODES.arrayNode().add(1).addNull().add("a");
    mixed.addObject();
    return List.of(
        NODES.nullNode(),
        NODES.booleanNode(true),
        NODES.numberNode(-1),
        NODES.numberNode(1e308),
        NODES.textNode(""),
        NODES.textNode("x".repeat(50_000)),
        NODES.textNode("\u0000\u202e\ufeff\ud83d"),
        NODES.textNode("a\r\nX-Injected: yes"),
        NODES.textNode("💥".repeat(3_000)),
        NODES.textNode("${jndi:ldap://127.0.0.1/x}"),
        NODES.textNode("+999999999-12-31T23:59:59Z"),
        NODES.textNode("https://[::ffff:169.254.169.254]/"),
        NODES.objectNode(),
        many,
        mixed);
  }

  private static Reply call(String method, String path, String body) {
    var request = fanfare.request(path);
    return switch (method) {
      case "GET", "DELETE" -> fanfare.send(request.method(method, BodyPublishers.noBody()));
      case "PATCH" ->
          fanfare.send(
              request
                  .header("Content-Type", "application/merge-patch+json")
                  .method(method, BodyPublishers.ofString(body)));
      default ->
          fanfare.send(
              request
                  .header("Content-Type", "application/json")
                  .method(method, BodyPublishers.ofString(body)));
    };
  }
}
