package dev.fanfare.dispatcher.alerting;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Received;
import dev.fanfare.testkit.receiver.Receiver;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Alerts of a whole dispatcher, on a real broker, told to a real mail server, a webhook and a
/// chat.
class AlertsIT {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String SECRET = "whsec_" + "c2VjcmV0".repeat(4);

  private final Receiver endpoint = Receiver.start();
  private final Receiver hook = Receiver.start();
  private final Receiver chat = Receiver.start();
  private final GreenMail mail =
      new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
  private final List<TestFanfare> running = new ArrayList<>();
  private String prefix = "";
  private int started;

  @BeforeEach
  void start() {
    mail.start();
    prefix = SharedKafka.prefix(AlertsIT.class);
  }

  @AfterEach
  void stop() {
    running.forEach(TestFanfare::close);
    mail.stop();
    endpoint.close();
    hook.close();
    chat.close();
  }

  private TestFanfare begin(Path directory) {
    started++;
    var yaml =
        """
        instance: alerts-%d
        kafka: {bootstrap.servers: "%s"}
        schema_registry: {schema.registry.url: "mock://%s"}
        topics: {prefix: %s, input: in-%sevents, partitions: 2}
        retry: {ladder: [1s], schedule: [1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s, 1s]}
        delivery: {breaker_shortest: 100ms, breaker_longest: 200ms}
        egress: {allow_http: true, allowed_networks: [127.0.0.0/8]}
        log: {directory: "%s", ledger_interval: 500ms, commit_interval: 100ms}
        api: {port: 0, api_key: %s}
        alerts:
          every: 200ms
          dashboard: https://fanfare.example.com/
          channels:
            mail: {kind: email, target: "ops@example.com"}
            pager: {kind: webhook, target: "%s", secret: %s}
            room: {kind: chat, target: "%s"}
          smtp: {host: 127.0.0.1, port: %d, tls: none, from: "Fanfare <fanfare@example.com>"}
        """
            .formatted(
                started,
                SharedKafka.bootstrap(),
                prefix.replace(".", ""),
                prefix,
                prefix,
                directory.resolve("log-" + started),
                TestFanfare.KEY,
                hook.url("/alerts"),
                SECRET,
                chat.url("/services/T0/B0/xyz"),
                mail.getSmtp().getPort());
    var fanfare =
        TestFanfare.start(
            FanfareConfig.load(ConfigFile.of("test.yaml", yaml + TestFanfare.SECRETS), Map.of()),
            EnumSet.allOf(Role.class));
    running.add(fanfare);
    return fanfare;
  }

  private static ConditionFactory soon() {
    return await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100));
  }

  @Test
  void itIsSaidOnceThatAnEndpointFailsAndOnceThatItIsOverWhoeverWatches(@TempDir Path directory)
      throws Exception {
    // Given two instances, a rule, a chat that is away and an endpoint that fails
    var first = begin(directory);
    var second = begin(directory);
    put(
        first,
        "{\"id\":\"down\",\"kind\":\"consecutive_failures\",\"threshold\":3,"
            + "\"resolve_below\":1,\"notify\":[\"*\"]}");
    chat.answer(Answer.status(503));
    endpoint.answer(Answer.status(500));
    var id = subscribe(first, "Billing <b>\\u2028at acme", "1s");

    // When
    send(first, "evt_1");

    // Then
    soon().until(() -> items(first, "/v1/alerts?state=firing").size() == 1);
    var fired = items(first, "/v1/alerts").getFirst();
    assertThat(fired.path("summary").asText())
        .startsWith("Billing <b> at acme has failed ")
        .contains(" times in a row, since ", "(alert at 3)");
    assertThat(fired.path("tenant").asText()).isEqualTo("acme");
    assertThat(fired.path("subscription_id").asText()).isEqualTo(id);

    // by e-mail, with a subject to act on
    soon().until(() -> mail.getReceivedMessages().length == 1);
    var mailed = mail.getReceivedMessages()[0];
    assertThat(mailed.getSubject())
        .startsWith("[Fanfare] Alert, acme: Billing <b> at acme has failed ")
        .contains("in a row, since 20")
        .doesNotContain("\n")
        .endsWith(" UTC");
    assertThat(mailed.getAllRecipients())
        .extracting(Object::toString)
        .containsExactly("ops@example.com");
    assertThat(mailed.getFrom())
        .extracting(Object::toString)
        .containsExactly("Fanfare <fanfare@example.com>");
    assertThat(mailed.getHeader("Message-ID"))
        .containsExactly("<" + fired.path("id").asText() + "@fanfare.invalid>");
    assertThat(GreenMailUtil.getBody(mailed))
        .contains("https://fanfare.example.com/endpoints/" + id);

    // by webhook
    var posted = hook.await(1, PATIENCE).getFirst();
    assertThat(posted.header("webhook-id")).contains(fired.path("id").asText());
    assertThat(posted.header("webhook-signature")).contains(signature(posted));
    assertThat(json(posted.text()).path("type").asText()).isEqualTo("alert.fired");
    assertThat(json(posted.text()).path("data").path("summary")).isEqualTo(fired.path("summary"));

    // the chat is tried again, and nobody else is told again meanwhile
    chat.await(2, PATIENCE);
    assertThat(states(first, 0)).containsEntry("mail", "sent").containsEntry("pager", "sent");
    assertThat(states(first, 0)).containsEntry("room", "pending");

    // and when whoever watches is gone
    var watching = watches(first) ? first : second;
    var other = watching == first ? second : first;
    assertThat(watches(other)).isFalse();
    running.remove(watching);
    watching.close();
    soon().until(() -> watches(other));
    chat.answer(Answer.OK);
    soon().until(() -> "sent".equals(states(other, 0).get("room")));
    var last = chat.requests().getLast();
    assertThat(last.header("webhook-id")).contains(fired.path("id").asText());
    assertThat(json(last.text()).path("text").asText())
        .contains("Billing &lt;b&gt; at acme")
        .contains("<https://fanfare.example.com/endpoints/" + id + "|Look at it>");
    soon().until(() -> looked(other));
    assertThat(items(other, "/v1/alerts")).hasSize(1);

    // and when it is well again
    endpoint.answer(Answer.OK);
    soon().until(() -> items(other, "/v1/alerts").size() == 2);
    var over = items(other, "/v1/alerts").getFirst();
    assertThat(over.path("state").asText()).isEqualTo("resolved");
    assertThat(over.path("fired_id")).isEqualTo(fired.path("id"));
    assertThat(over.path("summary").asText()).contains("is over after", "it answers again");
    assertThat(items(other, "/v1/alerts?state=firing")).isEmpty();
    soon().until(() -> states(other, 0).values().stream().allMatch("sent"::equals));
    assertThat(mail.getReceivedMessages()).hasSize(2);
    assertThat(mail.getReceivedMessages()[1].getSubject()).startsWith("[Fanfare] Over, acme: ");
    assertThat(mail.getReceivedMessages()[1].getHeader("In-Reply-To"))
        .isEqualTo(mailed.getHeader("Message-ID"));
    assertThat(hook.count()).isEqualTo(2);
  }

  @Test
  void ratesDeadLettersAndWaitsAreMeasuredPerEndpointTenantAndAltogether(@TempDir Path directory)
      throws Exception {
    // Given
    var fanfare = begin(directory);
    put(
        fanfare,
        """
        {"id":"rate","kind":"failure_rate","threshold":0.5,"resolve_below":0.3,"window":"5m",
         "minimum_volume":4},
        {"id":"rate_of_tenant","kind":"failure_rate","per":"tenant","tenant":"acme","threshold":0.5,
         "window":"5m","minimum_volume":4},
        {"id":"dead","kind":"dead_letters","per":"all","threshold":2,"window":"1h"},
        {"id":"wait","kind":"oldest_waiting","threshold":1},
        {"id":"gone","kind":"endpoint_disabled","notify":["mail"]}
        """);
    endpoint.answer(request ->
        switch (request.target()) {
          case "/dead" -> Answer.status(500);
          case "/gone" -> Answer.status(410);
          case "/slow" -> Answer.status(503);
          default -> Answer.OK;
        });
    var dead = subscribe(fanfare, "dead", "1s");
    var well = subscribe(fanfare, "well", "1s");

    // When
    for (int i = 0; i < 3; i++) {
      send(fanfare, "evt_" + i);
    }

    // Then: six attempts of one endpoint have failed, nine of the tenant's fifteen have not
    soon().until(() -> firing(fanfare).containsAll(List.of("rate", "rate_of_tenant", "dead")));
    var rate = alert(fanfare, "rate");
    assertThat(rate.path("subscription_id").asText()).isEqualTo(dead).isNotEqualTo(well);
    assertThat(rate.path("value").asDouble()).isEqualTo(1.0);
    var ofTenant = alert(fanfare, "rate_of_tenant");
    assertThat(ofTenant.path("tenant").asText()).isEqualTo("acme");
    assertThat(ofTenant.path("subscription_id").isNull()).isTrue();
    var letters = alert(fanfare, "dead");
    assertThat(letters.path("tenant").isNull()).isTrue();
    assertThat(letters.path("value").asDouble()).isGreaterThanOrEqualTo(2);

    // what waits
    var slow = subscribe(fanfare, "slow", "5s");
    send(fanfare, "evt_slow");
    var ofSlow = "/v1/alerts?state=firing&subscription=" + slow;
    soon()
        .until(() ->
            items(fanfare, ofSlow).stream()
                .anyMatch(it -> it.path("rule").asText().equals("wait")));
    assertThat(items(fanfare, ofSlow).getFirst().path("summary").asText())
        .startsWith("The oldest delivery to slow has waited for ");

    // what a worker finds, which is over when its owner has put it right
    var gone = subscribe(fanfare, "gone", "1s");
    send(fanfare, "evt_gone");
    soon().until(() -> firing(fanfare).contains("endpoint_disabled"));
    soon().until(() -> mail.getReceivedMessages().length == 1);
    assertThat(mail.getReceivedMessages()[0].getSubject()).contains("disabled");
    endpoint.answer(Answer.OK);
    assertThat(fanfare.post("/v1/subscriptions/" + gone + "/resume", "").status()).isEqualTo(200);
    soon().until(() -> !firing(fanfare).contains("endpoint_disabled"));

    // a tenant sees what is its own, but not who was told by operators
    fanfare.post("/v1/tenants", "{\"id\":\"acme\"}");
    var key =
        fanfare
            .post("/v1/keys", "{\"role\":\"tenant\",\"tenant\":\"acme\"}")
            .json()
            .path("key")
            .asText();
    var seen = fanfare.send(fanfare.request("/v1/alerts", key).GET()).json().path("items");
    assertThat(seen.findValuesAsText("rule"))
        .contains("rate", "rate_of_tenant")
        .doesNotContain("dead");
    assertThat(seen.findValues("notifications")).allMatch(JsonNode::isEmpty);

    // enough that goes well, and a rule that is taken away, end what they had begun
    for (int i = 0; i < 40; i++) {
      send(fanfare, "evt_well_" + i);
    }
    soon().until(() -> !firing(fanfare).contains("rate"));
    put(fanfare, "{\"id\":\"rate\",\"kind\":\"failure_rate\",\"threshold\":1,\"window\":\"5m\"}");
    soon().until(() -> firing(fanfare).isEmpty());
    assertThat(alert(fanfare, "dead").path("summary").asText()).contains("switched off or removed");
  }

  /// As a receiver works it out for itself.
  private static String signature(Received received) throws GeneralSecurityException {
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec(
            Base64.getDecoder().decode(SECRET.substring("whsec_".length())), "HmacSHA256"));
    mac.update(
        (received.header("webhook-id").orElseThrow()
                + "."
                + received.header("webhook-timestamp").orElseThrow()
                + ".")
            .getBytes(UTF_8));
    mac.update(received.body().duplicate());
    return "v1," + Base64.getEncoder().encodeToString(mac.doFinal());
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }

  private static boolean watches(TestFanfare fanfare) {
    return metric(fanfare, "fanfare_alerts_watching") == 1;
  }

  private static boolean looked(TestFanfare fanfare) {
    return metric(fanfare, "fanfare_alerts_age_seconds") >= 0;
  }

  private static double metric(TestFanfare fanfare, String name) {
    return fanfare
        .get("/metrics")
        .text()
        .lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow();
  }

  private static List<JsonNode> items(TestFanfare fanfare, String path) {
    var items = new ArrayList<JsonNode>();
    fanfare.get(path).json().path("items").forEach(items::add);
    return items;
  }

  private static List<String> firing(TestFanfare fanfare) {
    return items(fanfare, "/v1/alerts?state=firing").stream()
        .map(it -> it.path("rule").asText())
        .toList();
  }

  private static JsonNode alert(TestFanfare fanfare, String rule) {
    return items(fanfare, "/v1/alerts").stream()
        .filter(it -> it.path("rule").asText().equals(rule))
        .findFirst()
        .orElseThrow();
  }

  private static Map<String, String> states(TestFanfare fanfare, int index) {
    var states = new HashMap<String, String>();
    items(fanfare, "/v1/alerts")
        .get(index)
        .path("notifications")
        .forEach(it -> states.put(it.path("channel").asText(), it.path("state").asText()));
    return states;
  }

  private static void put(TestFanfare fanfare, String rules) {
    var put =
        fanfare.send(
            fanfare
                .request("/v1/alert-rules")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString("{\"items\":[" + rules + "]}")));
    assertThat(put.status()).as(put.text()).isEqualTo(200);
  }

  private String subscribe(TestFanfare fanfare, String name, String schedule) {
    var path = name.matches("[a-z]+") ? "/" + name : "/";
    var made =
        fanfare.post(
            "/v1/subscriptions",
            """
            {"tenant":"acme","url":"%s","event_types":["*"],"description":"%s"%s}\
            """
                .formatted(
                    endpoint.url(path),
                    name,
                    path.equals("/") ? "" : ",\"retry_schedule\":[\"" + schedule + "\"]"));
    assertThat(made.status()).as(made.text()).isEqualTo(201);
    return made.json().path("id").asText();
  }

  private static void send(TestFanfare fanfare, String event) {
    var sent =
        fanfare.post(
            "/v1/events",
            """
            {"event_id":"%s","type":"email.delivered","tenant":"acme","recipient":"a@example.com",
             "message_id":"msg_%s"}\
            """
                .formatted(event, event));
    assertThat(sent.status()).as(sent.text()).isEqualTo(202);
  }
}
