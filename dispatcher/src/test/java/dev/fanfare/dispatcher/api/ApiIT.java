package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.app.TestFanfare.Reply;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The routes over real HTTP, against real Kafka.
class ApiIT {
  private static final String SUBSCRIPTION =
      """
      {"tenant":"acme","url":"https://example.com/hook","event_types":["email.bounced","email.*"],
       "filter":{"tags":["a"],"fields":{"bounce.kind":["hard"]}},"description":"Grüße 🎺",
       "headers":{"X-Mine":"yes"},"signing":"both","format":"cloudevents-binary",
       "schema_version":"1.0","retry_schedule":["5s","2m","1h"],"timeout":"10s",
       "rate_limit_per_second":2.5,"max_concurrency":7}\
      """;
  private static final String MINIMAL =
      """
      {"tenant":"%s","url":"https://example.com/hook","event_types":["*"]}\
      """;
  private static final String EVENT =
      """
      {"type":"email.bounced","tenant":"acme","recipient":"ann@example.com","message_id":"%s",
       "bounce":{"kind":"hard"}}\
      """;

  private static TestFanfare fanfare;

  @BeforeAll
  static void start() {
    fanfare = TestFanfare.withApi(SharedKafka.bootstrap(), SharedKafka.prefix(ApiIT.class));
  }

  @AfterAll
  static void stop() {
    fanfare.close();
  }

  @Test
  void aSubscriptionIsMadeReadListedAndRemoved() {
    var created = fanfare.post("/v1/subscriptions", SUBSCRIPTION);

    assertThat(created.status()).isEqualTo(201);
    var json = created.json();
    var path = "/v1/subscriptions/" + json.path("id").asText();
    assertThat(created.header("Location")).isEqualTo(path);
    assertThat(json.path("secret").asText()).startsWith("whsec_");
    assertThat(json.path("public_key").asText()).startsWith("whpk_");
    assertThat(json.path("retry_schedule"))
        .extracting(JsonNode::asText)
        .containsExactly("5s", "2m", "1h");
    assertThat(json.path("timeout").asText()).isEqualTo("10s");
    assertThat(json.path("filter").path("fields").path("bounce.kind").get(0).asText())
        .isEqualTo("hard");
    assertThat(json.path("description").asText()).isEqualTo("Grüße 🎺");
    assertThat(json.path("status").asText()).isEqualTo("active");
    assertThat(json.path("created_at").asText()).isEqualTo(json.path("updated_at").asText());
    var names = new ArrayList<String>();
    json.fieldNames().forEachRemaining(names::add);
    assertThat(names)
        .containsSubsequence(
            "id",
            "tenant",
            "url",
            "event_types",
            "filter",
            "description",
            "headers",
            "signing",
            "format",
            "schema_version",
            "retry_schedule",
            "timeout",
            "rate_limit_per_second",
            "max_concurrency",
            "status",
            "created_at",
            "updated_at");

    var shown = fanfare.get(path);
    assertThat(shown.status()).isEqualTo(200);
    assertThat(shown.json().has("secret")).isFalse();
    assertThat(shown.json().path("url")).isEqualTo(json.path("url"));
    var secret = fanfare.get(path + "/secret").json();
    assertThat(secret.path("secret")).isEqualTo(json.path("secret"));
    assertThat(secret.path("public_key")).isEqualTo(json.path("public_key"));
    assertThat(list("")).extracting(it -> it.path("id")).contains(json.path("id"));

    var removed = fanfare.send("DELETE", path, "");
    assertThat(removed.status()).isEqualTo(204);
    assertThat(removed.text()).isEmpty();
    for (var gone : List.of(path, path + "/secret")) {
      assertProblem(fanfare.get(gone), 404, "not-found");
    }
    assertProblem(fanfare.send("DELETE", path, ""), 404, "not-found");
  }

  @Test
  void theSecretsOfAnAuthenticationGoInAndDoNotComeOut() {
    var created =
        fanfare.post(
            "/v1/subscriptions",
            """
            {"tenant":"acme","url":"https://example.com/hook","event_types":["email.bounced"],
             "authentication":{"type":"oauth2","token_url":"https://login.example.com/token",
               "client_id":"id","client_secret":"s3cr3t","scope":"hooks"}}\
            """);

    assertThat(created.status()).isEqualTo(201);
    var path = "/v1/subscriptions/" + created.json().path("id").asText();
    for (var answer : List.of(created, fanfare.get(path), fanfare.get("/v1/subscriptions"))) {
      assertThat(answer.text()).contains("login.example.com").doesNotContain("s3cr3t");
    }
    assertThat(fanfare.get(path).json().path("authentication"))
        .hasToString(
            "{\"type\":\"oauth2\",\"token_url\":\"https://login.example.com/token\","
                + "\"client_id\":\"id\",\"client_secret\":null,\"scope\":\"hooks\",\"audience\":null}");
  }

  @Test
  void tellsEverythingThatIsWrongWithAnAuthentication() {
    var basic = authenticated("{\"type\":\"basic\",\"username\":\"a:b\",\"client_id\":\"x\"}");
    var oauth2 = authenticated("{\"type\":\"oauth2\",\"token_url\":\"https://10.0.0.1/\"}");
    var mtls =
        authenticated("{\"type\":\"mtls\",\"certificate\":\"s3cr3t\",\"private_key\":\"s3cr3t\"}");
    var other = authenticated("{\"type\":\"kerberos\",\"ticket\":\"s3cr3t\"}");

    assertThat(basic)
        .containsExactlyInAnyOrder("/authentication/password", "/authentication/client_id");
    assertThat(oauth2)
        .containsExactlyInAnyOrder(
            "/authentication/client_secret",
            "/authentication/client_id",
            "/authentication/token_url");
    assertThat(mtls)
        .containsExactlyInAnyOrder("/authentication/certificate", "/authentication/private_key");
    assertThat(other).containsExactly("/authentication/type");
  }

  private static List<String> authenticated(String authentication) {
    var reply =
        fanfare.post(
            "/v1/subscriptions",
            """
            {"tenant":"acme","url":"https://example.com/hook","event_types":["email.bounced"],
             "authentication":%s}\
            """
                .formatted(authentication));
    assertProblem(reply, 422, "invalid-content");
    assertThat(reply.text()).doesNotContain("s3cr3t");
    var pointers = new ArrayList<String>();
    reply.json().path("errors").forEach(it -> pointers.add(it.path("pointer").asText()));
    return pointers;
  }

  @Test
  void eachWriterReadsItsOwnWritesAtOnce() {
    IntStream.range(0, 20)
        .parallel()
        .forEach(i -> {
          var made = fanfare.post("/v1/subscriptions", MINIMAL.formatted("own-" + i)).json();
          var path = "/v1/subscriptions/" + made.path("id").asText();
          assertThat(fanfare.get(path).status()).isEqualTo(200);
          assertThat(list("&tenant=own-" + i)).hasSize(1);
          assertThat(fanfare.send("DELETE", path, "").status()).isEqualTo(204);
          assertThat(fanfare.get(path).status()).isEqualTo(404);
        });
  }

  @Test
  void listsPageByPage() {
    var made = new ArrayList<String>();
    for (int i = 0; i < 5; i++) {
      made.add(
          fanfare.post("/v1/subscriptions", MINIMAL.formatted("pages")).json().path("id").asText());
    }

    var first = fanfare.get("/v1/subscriptions?tenant=pages&limit=3").json();
    var cursor = first.path("next_cursor").asText();
    var second = fanfare.get("/v1/subscriptions?tenant=pages&limit=3&cursor=" + cursor).json();

    assertThat(first.path("items")).hasSize(3);
    assertThat(second.path("items")).hasSize(2);
    assertThat(second.path("next_cursor").isNull()).isTrue();
    var ids = new HashSet<String>();
    Stream.of(first, second)
        .forEach(page -> page.path("items").forEach(it -> ids.add(it.path("id").asText())));
    assertThat(ids).containsExactlyInAnyOrderElementsOf(made);
  }

  @Test
  void tellsEverythingThatIsWrongWithASubscription() {
    var reply =
        fanfare.post(
            "/v1/subscriptions",
            """
            {"url":7,"event_types":["email.bounced","email.exploded",3],"retry_schedule":["5s","soon"],
             "filter":{"tags":"a","colour":"red","fields":{"no.such":["x"]}},"headers":{"Host":"x"},
             "timeout":"1h","max_concurrency":1.5,"rate_limit_per_second":"fast","secret":"x",
             "a/b~c":1,"description":"half \\ud800 a pair","format":"xml"}\
            """);

    assertProblem(reply, 422, "invalid-content");
    assertThat(reply.json().path("errors"))
        .extracting(it -> it.path("pointer").asText())
        .containsExactlyInAnyOrder(
            "/tenant",
            "/url",
            "/event_types/1",
            "/event_types/2",
            "/retry_schedule/1",
            "/filter/tags",
            "/filter/colour",
            "/filter/fields/no.such",
            "/headers",
            "/timeout",
            "/max_concurrency",
            "/rate_limit_per_second",
            "/secret",
            "/a~1b~0c",
            "/description",
            "/format");
  }

  @Test
  void anEventIsInKafkaUnderItsMessageWhenItIsAcknowledged() {
    var reply = fanfare.post("/v1/events", EVENT.formatted("msg-one"));

    assertThat(reply.status()).isEqualTo(202);
    var event = Objects.requireNonNull(consumed().get(reply.json().path("event_id").asText()));
    assertThat(event.getMessageId()).isEqualTo("msg-one");
    assertThat(event.getBounce().getKind()).isEqualTo("hard");
    assertThat(Duration.between(event.getOccurredAt(), Instant.now()))
        .isLessThan(Duration.ofMinutes(1));
  }

  @Test
  void anArrayIsTakenAsAWholeOrNotAtAll() {
    var good = "[" + EVENT.formatted("msg-a") + "," + EVENT.formatted("msg-b") + "]";
    var bad = "[" + EVENT.formatted("msg-c") + ",{\"type\":\"email.bounced\",\"recipient\":3}]";

    var taken = fanfare.post("/v1/events", good);
    var refused = fanfare.post("/v1/events", bad);

    assertThat(taken.status()).isEqualTo(202);
    var ids = new ArrayList<String>();
    taken.json().path("items").forEach(it -> ids.add(it.path("event_id").asText()));
    var consumed = consumed();
    assertThat(ids).hasSize(2).allMatch(consumed::containsKey);
    assertProblem(refused, 422, "invalid-content");
    assertThat(refused.json().path("errors"))
        .extracting(it -> it.path("pointer").asText())
        .containsExactlyInAnyOrder("/1/recipient", "/1/message_id", "/1/tenant");
    assertThat(consumed.values()).noneMatch(it -> it.getMessageId().equals("msg-c"));
  }

  @Test
  void largeRequestsAreRefusedAndLargeEventsNamed() {
    var long256 =
        EVENT.replace("\"bounce\"", "\"subject\":\"" + "x".repeat(300_000) + "\",\"bounce\"");

    assertProblem(fanfare.post("/v1/events", long256.formatted("m")), 413, "too-large");
    var oneOfTwo = "[" + EVENT.formatted("m") + "," + long256.formatted("m") + "]";
    var reply = fanfare.post("/v1/events", oneOfTwo);
    assertProblem(reply, 422, "invalid-content");
    assertThat(reply.json().path("errors").get(0).path("pointer").asText()).isEqualTo("/1");
    var tooMany = "[" + "1,".repeat(1_000) + "1]";
    assertProblem(fanfare.post("/v1/events", tooMany), 413, "too-large");
    assertProblem(fanfare.post("/v1/events", " ".repeat(6 << 20)), 413, "too-large");
    var chunked =
        fanfare.send(
            fanfare
                .request("/v1/events")
                .header("Content-Type", "application/json")
                .POST(BodyPublishers.ofByteArrays(Collections.nCopies(6, new byte[1 << 20]))));
    assertProblem(chunked, 413, "too-large");
  }

  @Test
  void theSameKeyMeansTheSameRequest() {
    String[] key = {"Idempotency-Key", "k-1"};
    var first = fanfare.post("/v1/subscriptions", MINIMAL.formatted("twice"), key);
    var second = fanfare.post("/v1/subscriptions", MINIMAL.formatted("twice"), key);
    var other = fanfare.post("/v1/subscriptions", MINIMAL.formatted("thrice"), key);
    var event = fanfare.post("/v1/events", EVENT.formatted("m"), "Idempotency-Key", "k-2");
    var again = fanfare.post("/v1/events", EVENT.formatted("m"), "Idempotency-Key", "k-2");

    assertThat(first.status()).isEqualTo(201);
    assertThat(second.status()).isEqualTo(201);
    assertThat(second.text()).isEqualTo(first.text());
    assertThat(second.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(list("&tenant=twice")).hasSize(1);
    assertProblem(other, 422, "idempotency-key-reused");
    assertThat(again.text()).isEqualTo(event.text());
  }

  @Test
  void tellsWhichEventTypesThereAre() {
    var types = fanfare.get("/v1/event-types").json();

    assertThat(types.path("items")).hasSizeGreaterThanOrEqualTo(16);
    assertThat(types.path("next_cursor").isNull()).isTrue();
    for (var item : types.path("items")) {
      var type = fanfare.get("/v1/event-types/" + item.path("type").asText()).json();
      assertThat(type.path("example").path("type")).isEqualTo(item.path("type"));
      assertThat(type.path("json_schema").path("properties").isEmpty()).isFalse();
    }
    assertThat(fanfare.get("/v1/event-types/email.bounced?version=1.0").status()).isEqualTo(200);
    assertProblem(fanfare.get("/v1/event-types/email.bounced?version=7.0"), 404, "not-found");
    assertProblem(fanfare.get("/v1/event-types/email.exploded"), 404, "not-found");
  }

  @Test
  void isLiveAndReadyToAnybody() {
    var live = fanfare.send(fanfare.anonymous("/health/live").GET());
    var ready = fanfare.send(fanfare.anonymous("/health/ready").GET());

    assertThat(live.status()).isEqualTo(200);
    assertThat(ready.status()).isEqualTo(200);
    assertThat(ready.json().path("status").asText()).isEqualTo("ready");
    assertThat(ready.json().path("components").get(0).path("name").asText())
        .isEqualTo("subscriptions");
  }

  @Test
  void tellsItsMetricsInBothFormats() {
    var _ = fanfare.get("/v1/subscriptions/sub_unknown");

    var text = fanfare.get("/metrics");
    var open =
        fanfare.send(
            fanfare.request("/metrics").header("Accept", "application/openmetrics-text").GET());

    assertThat(text.header("Content-Type")).startsWith("text/plain; version=0.0.4");
    assertThat(text.text()).contains("jvm_memory_used_bytes", "fanfare_api_requests_seconds");
    assertThat(text.text())
        .contains("route=\"/v1/subscriptions/{id}\"")
        .doesNotContain("route=\"/v1/subscriptions/sub_");
    assertThat(open.header("Content-Type")).startsWith("application/openmetrics-text");
    assertThat(open.text()).endsWith("# EOF\n");
  }

  @ParameterizedTest
  @CsvSource({
    "POST, /v1/events",
    "GET, /v1/event-types",
    "GET, /v1/event-types/email.bounced",
    "POST, /v1/subscriptions",
    "GET, /v1/subscriptions",
    "GET, /v1/subscriptions/sub_x",
    "DELETE, /v1/subscriptions/sub_x",
    "GET, /v1/subscriptions/sub_x/secret",
    "GET, /metrics"
  })
  void nothingWithoutTheKey(String method, String path) {
    for (var key : List.of("", "Bearer wrong", "Bearer " + TestFanfare.KEY + "x", "Basic eDp5")) {
      var request = fanfare.anonymous(path).method(method, BodyPublishers.ofString("{}"));
      var reply = fanfare.send(key.isEmpty() ? request : request.header("Authorization", key));
      assertProblem(reply, 401, "unauthorized");
      assertThat(reply.header("WWW-Authenticate")).startsWith("Bearer");
    }
  }

  @ParameterizedTest
  @CsvSource({
    "GET, /nothing-here, 404",
    "GET, /v1, 404",
    "GET, /v1/, 404",
    "GET, /v2/events, 404",
    "GET, /v1/subscriptions/, 404",
    "GET, /v1/subscriptions/unknown, 404",
    "GET, /v1/subscriptions/%F0%9F%8E%BA, 404",
    "GET, /v1/subscriptions/..%2F..%2Fetc%2Fpasswd, 404",
    "PUT, /v1/subscriptions/x, 405",
    "PATCH, /v1/events, 405",
    "DELETE, /v1/events, 405",
    "GET, /v1/events, 405",
    "POST, /health/live, 405",
    "OPTIONS, /v1/events, 405",
    "TRACE, /v1/events, 405",
    "BREW, /v1/events, 405",
    "GET, /v1/subscriptions?limit=0, 400",
    "GET, /v1/subscriptions?limit=201, 400",
    "GET, /v1/subscriptions?limit=x, 400",
    "GET, /v1/subscriptions?limit=1&limit=2, 400",
    "GET, /v1/subscriptions?cursor=%00, 400",
    "GET, /v1/subscriptions?colour=red, 400",
    "GET, /v1/subscriptions/x?y=1, 400"
  })
  void saysWhatIsWrongWithAnAddress(String method, String path, int status) {
    var reply = fanfare.send(method, path, "");

    assertThat(reply.status()).isEqualTo(status);
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(reply.json().path("status").asInt()).isEqualTo(status);
    assertThat(reply.header("Allow").isEmpty()).isEqualTo(status != 405);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/json; charset=iso-8859-1",
        "application/jsonp",
        "multipart/form-data; boundary=x",
        ""
      })
  void takesJsonOnly(String type) {
    for (var path : List.of("/v1/events", "/v1/subscriptions")) {
      var request = fanfare.request(path).POST(BodyPublishers.ofString("{}"));
      var reply = fanfare.send(type.isEmpty() ? request : request.header("Content-Type", type));
      assertProblem(reply, 415, "unsupported-media-type");
    }
    var zipped =
        fanfare
            .request("/v1/events")
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(new byte[] {0x1f, (byte) 0x8b}));
    assertThat(fanfare.send(zipped).status()).isEqualTo(415);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "{", "nul", "{\"a\":1,\"a\":2}", "{} {}", "[[[[[[", "\u0000"})
  void aBrokenJsonTextIsABadRequest(String text) {
    for (var path : List.of("/v1/events", "/v1/subscriptions")) {
      assertProblem(fanfare.post(path, text), 400, "malformed-request");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"null", "7", "\"text\"", "[]", "[7]", "[null]", "true"})
  void aJsonTextOfTheWrongKindIsInvalid(String text) {
    for (var path : List.of("/v1/events", "/v1/subscriptions")) {
      assertProblem(fanfare.post(path, text), 422, "invalid-content");
    }
  }

  @Test
  void headIsGetWithoutContent() {
    var reply = fanfare.send("HEAD", "/v1/event-types", "");

    assertThat(reply.status()).isEqualTo(200);
    assertThat(reply.text()).isEmpty();
  }

  @Test
  void everyAnswerTellsBrowsersToKeepOff() {
    for (var path : List.of("/health/live", "/v1/event-types", "/nowhere")) {
      var reply = fanfare.get(path);
      assertThat(reply.header("X-Content-Type-Options")).isEqualTo("nosniff");
      assertThat(reply.header("Cache-Control")).isEqualTo("no-store");
      assertThat(reply.header("Content-Security-Policy")).contains("default-src 'none'");
      assertThat(reply.header("Server")).isEmpty();
    }
  }

  private static void assertProblem(Reply reply, int status, String code) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(status);
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    var json = reply.json();
    assertThat(json.path("status").asInt()).isEqualTo(status);
    assertThat(json.path("type").asText()).isEqualTo("urn:fanfare:problem:" + code);
    assertThat(json.path("title").asText()).isNotEmpty();
    assertThat(json.path("detail").asText()).isNotEmpty();
  }

  private static List<JsonNode> list(String parameters) {
    var items = new ArrayList<JsonNode>();
    var cursor = "";
    do {
      var page =
          fanfare
              .get(
                  "/v1/subscriptions?limit=200"
                      + parameters
                      + (cursor.isEmpty() ? "" : "&cursor=" + cursor))
              .json();
      page.path("items").forEach(items::add);
      cursor = page.path("next_cursor").isNull() ? "" : page.path("next_cursor").asText();
    } while (!cursor.isEmpty());
    return items;
  }

  /// Everything on the input topic, by event id; keys must be message ids.
  private static Map<String, EmailEvent> consumed() {
    var config = fanfare.config();
    var serdes = new AvroSerdes(config.registry());
    var topic = config.topics().topics().events().name();
    var events = new HashMap<String, EmailEvent>();
    try (var consumer =
        new KafkaConsumer<>(
            config.kafka().consumerProperties(),
            new StringDeserializer(),
            serdes.deserializer(EmailEvent.class))) {
      var partitions =
          consumer.partitionsFor(topic).stream()
              .map(it -> new TopicPartition(topic, it.partition()))
              .toList();
      consumer.assign(partitions);
      consumer.seekToBeginning(partitions);
      var ends = consumer.endOffsets(partitions);
      while (partitions.stream()
          .anyMatch(it -> consumer.position(it) < ends.getOrDefault(it, 0L))) {
        for (var record : consumer.poll(Duration.ofMillis(200))) {
          assertThat(record.key()).isEqualTo(record.value().getMessageId());
          events.put(record.value().getEventId(), record.value());
        }
      }
    }
    return events;
  }

  @Test
  void bytesThatAreNoUtf8AreABadRequest() {
    var latin = "{\"type\":\"ä\"}".getBytes(ISO_8859_1);
    var request =
        fanfare
            .request("/v1/events")
            .header("Content-Type", "application/json; charset=UTF-8")
            .POST(BodyPublishers.ofByteArray(latin));

    assertProblem(fanfare.send(request), 400, "malformed-request");
    assertThat(new String(latin, UTF_8)).contains("\ufffd");
  }
}
