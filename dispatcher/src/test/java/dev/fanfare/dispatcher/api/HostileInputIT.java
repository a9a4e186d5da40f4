package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.seed.Seeds;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.random.RandomGenerator;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/// Whatever a client sends, it is told that it is wrong; the server neither fails nor stops.
class HostileInputIT {
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper JSON = new ObjectMapper();

  /// One of everything that there is.
  private static final String SUBSCRIPTION =
      """
      {"tenant":"acme","url":"https://example.com/hook","event_types":["email.bounced"],
       "filter":{"inboxes":["a@b.c"],"recipient_domains":["b.c"],"tags":["a"],"streams":["s"],
                 "fields":{"bounce.kind":["hard"]},"expression":null},
       "description":"d","headers":{"X-Mine":"yes"},"signing":"both","format":"standard",
       "schema_version":"1.0","retry_schedule":["5s"],"timeout":"10s",
       "rate_limit_per_second":2.5,"max_concurrency":7}\
      """;

  private static final String EVENT =
      """
      {"event_id":"e","type":"email.bounced","tenant":"acme","recipient":"a@b.c","message_id":"m",
       "occurred_at":"2026-01-01T00:00:00Z","subject":"s","tags":["t"],"metadata":{"k":"v"},
       "bounce":{"kind":"hard","smtp_code":550,"asynchronous":true}}\
      """;

  private static TestFanfare fanfare;

  @BeforeAll
  static void start() {
    fanfare =
        TestFanfare.withApi(SharedKafka.bootstrap(), SharedKafka.prefix(HostileInputIT.class));
  }

  @AfterAll
  static void stop() {
    fanfare.close();
  }

  static LongStream seeds() {
    return Seeds.fixed(40);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void isToldApart(long seed) throws IOException {
    var dice = new Random(seed);
    for (int i = 0; i < 10; i++) {
      boolean event = dice.nextBoolean();
      var body = JSON.readTree(event ? EVENT : SUBSCRIPTION);
      for (int faults = 1 + dice.nextInt(3); faults > 0; faults--) {
        spoil(body, dice);
      }
      var sent = event && dice.nextInt(4) == 0 ? NODES.arrayNode().add(body) : body;

      var reply = fanfare.post(event ? "/v1/events" : "/v1/subscriptions", sent.toString());

      assertThat(reply.status()).as("%s for %s", reply.text(), sent).isIn(201, 202, 400, 413, 422);
      assertThat(reply.json().isObject()).isTrue();
      assertThat(reply.text()).doesNotContain("Exception");
    }
    assertThat(fanfare.get("/health/live").status()).isEqualTo(200);
  }

  /// Replaces, removes or adds one thing, somewhere.
  private static void spoil(JsonNode root, RandomGenerator dice) {
    var places = new ArrayList<JsonNode>();
    collect(root, places);
    switch (places.get(dice.nextInt(places.size()))) {
      case ObjectNode object when !object.isEmpty() && dice.nextInt(4) > 0 -> {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        var name = names.get(dice.nextInt(names.size()));
        if (dice.nextInt(5) == 0) {
          object.remove(name);
        } else {
          object.set(name, oddity(dice));
        }
      }
      case ObjectNode object -> object.set(oddText(dice), oddity(dice));
      case ArrayNode array -> array.add(oddity(dice));
      default -> throw new IllegalStateException("only containers are collected");
    }
  }

  private static void collect(JsonNode node, List<JsonNode> places) {
    if (node.isContainerNode()) {
      places.add(node);
      node.forEach(child -> collect(child, places));
    }
  }

  private static JsonNode oddity(RandomGenerator dice) {
    return switch (dice.nextInt(14)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(dice.nextBoolean());
      case 2 -> NODES.numberNode(dice.nextLong());
      case 3 -> NODES.numberNode(BigInteger.TWO.pow(200));
      case 4 -> NODES.numberNode(dice.nextBoolean() ? 1e308 : -0.0);
      case 5 -> NODES.objectNode();
      case 6 -> NODES.arrayNode();
      case 7 -> NODES.arrayNode().add(NODES.arrayNode().add(oddText(dice)));
      case 8 -> NODES.objectNode().put(oddText(dice), oddText(dice));
      case 9 -> NODES.numberNode(Integer.MAX_VALUE + 1L);
      default -> NODES.textNode(oddText(dice));
    };
  }

  private static String oddText(RandomGenerator dice) {
    return switch (dice.nextInt(18)) {
      case 0 -> "";
      case 1 -> " ";
      case 2 -> "\u0000";
      case 3 -> "a\r\nX-Injected: yes";
      case 4 -> "\ud83c"; // half of a pair
      case 5 -> "\u202e\u2066\ufeff";
      case 6 -> "💥".repeat(1_000);
      case 7 -> "x".repeat(100_000);
      case 8 -> "../../etc/passwd";
      case 9 -> "${jndi:ldap://127.0.0.1/x}";
      case 10 -> "999999999d";
      case 11 -> "-5s";
      case 12 -> "https://[::ffff:169.254.169.254]/";
      case 13 -> "9999-99-99T99:99:99Z";
      case 14 -> "(a+)+$".repeat(50);
      case 15 -> "/~0~1%00";
      case 16 -> "e.e";
      default -> "+1000000000-01-01T00:00:00Z";
    };
  }

  static final List<String> BROKEN_HTTP =
      List.of(
          "GARBAGE\r\n\r\n",
          "GET\r\n\r\n",
          "GET / HTTP/9.9\r\nHost: x\r\n\r\n",
          "GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET /v1/subscriptions/%C0%AF HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\n\r\n",
          "GET /v1/subscriptions?cursor=%zz HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\n\r\n",
          "GET /v1/subscriptions?%ff=%ff HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\n\r\n",
          "GET /v1/subscriptions?=&&=x HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\n\r\n",
          "GET //v1//events HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET /../../etc/passwd HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET http://elsewhere.example/ HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET /health/live HTTP/1.1\r\n\r\n",
          "GET /health/live HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
          "GET /health/live HTTP/1.1\r\nHost: x\r\nX-A: a\u0000b\r\n\r\n",
          "GET /health/live HTTP/1.1\r\nHost: x\r\n: nameless\r\n\r\n",
          "GET /" + "x".repeat(100_000) + " HTTP/1.1\r\nHost: x\r\n\r\n",
          "GET / HTTP/1.1\r\nHost: x\r\nX-Long: " + "x".repeat(100_000) + "\r\n\r\n",
          post("Content-Length: -1", "{}"),
          post("Content-Length: 99999999999999999999", "{}"),
          post("Content-Length: 2\r\nTransfer-Encoding: chunked", "0\r\n\r\n"),
          post("Transfer-Encoding: chunked", "zz\r\n"),
          post("Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFF\r\n"),
          post("Expect: 200-ok\r\nContent-Length: 2", "{}"),
          post("Authorization: Bearer KEY\r\nContent-Length: 2", "{}"),
          "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

  private static String post(String headers, String body) {
    return "POST /v1/events HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer KEY\r\n"
        + "Content-Type: application/json\r\n"
        + headers
        + "\r\n\r\n"
        + body;
  }

  @ParameterizedTest
  @FieldSource("BROKEN_HTTP")
  void brokenHttpIsRefusedOrDropped(String request) throws IOException {
    var answer = raw(request.replace("KEY", TestFanfare.KEY));

    assertThat(answer)
        .as(request.substring(0, Math.min(120, request.length())))
        .satisfiesAnyOf(
            it -> assertThat(it).isEmpty(),
            it -> assertThat(it).matches("(?s)HTTP/1.1 [234]\\d\\d .*"),
            it -> assertThat(it).startsWith("HTTP/1.1 505"));
    assertThat(answer).doesNotContain("Exception").doesNotContain("at io.helidon");
    assertThat(fanfare.get("/health/live").status()).isEqualTo(200);
  }

  /// What comes back within two seconds, or before the server hangs up.
  private static String raw(String request) throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), fanfare.port())) {
      socket.setSoTimeout(2_000);
      var answer = new StringBuilder();
      try {
        socket.getOutputStream().write(request.getBytes(ISO_8859_1));
        socket.getOutputStream().flush();
        int next = socket.getInputStream().read();
        while (next >= 0) {
          answer.append((char) next);
          next = socket.getInputStream().read();
        }
      } catch (SocketTimeoutException e) {
        return answer.toString(); // the connection is kept alive
      } catch (IOException e) {
        return answer.toString(); // it hung up while we were still talking
      }
      return answer.toString();
    }
  }
}
