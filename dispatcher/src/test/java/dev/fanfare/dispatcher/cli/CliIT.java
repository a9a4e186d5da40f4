package dev.fanfare.dispatcher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.process.Ports;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The commands against a running dispatcher.
class CliIT {
  private static TestFanfare fanfare;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeAll
  static void start() {
    fanfare = TestFanfare.withApi(SharedKafka.bootstrap(), SharedKafka.prefix(CliIT.class));
  }

  @AfterAll
  static void stop() {
    fanfare.close();
  }

  @Test
  void whatIsSealedOtherwiseIsSealedAnew() throws IOException {
    assertThat(client("keyset", "reseal", "--json")).isEqualTo(ExitCode.OK);
    assertThat(out.toString().strip()).isEqualTo("{\"resealed\":0,\"left\":0}");
  }

  @Test
  void subscriptionsFromBirthToDeath() throws IOException {
    assertThat(
            client(
                "subscriptions",
                "create",
                "--tenant",
                "life",
                "--endpoint",
                "https://example.com/h",
                "--event-types",
                "email.bounced,email.complained",
                "--header",
                "X-A=b",
                "--retry-schedule",
                "5s,1m",
                "--rate-limit",
                "3",
                "--json"))
        .isZero();
    JsonNode made = ApiClient.JSON.readTree(out.toString());
    var id = made.path("id").asText();
    assertThat(made.path("event_types")).hasSize(2);
    assertThat(made.path("headers").path("X-A").asText()).isEqualTo("b");
    assertThat(made.path("secret").asText()).startsWith("whsec_");

    assertThat(client("subscriptions", "list", "--tenant", "life")).isZero();
    assertThat(out.toString())
        .hasLineCount(2)
        .startsWith("ID ")
        .contains(id + "  life    active  email.bounced,email.complained  https://example.com/h");
    assertThat(client("subscriptions", "show", id)).isZero();
    assertThat(out.toString()).contains("retry_schedule").contains("5s,1m");
    assertThat(client("subscriptions", "show", id, "--secret", "--json")).isZero();
    assertThat(ApiClient.JSON.readTree(out.toString()).path("secret"))
        .isEqualTo(made.path("secret"));
    assertThat(client("subscriptions", "delete", id)).isZero();
    assertThat(out.toString()).isEqualTo("deleted " + id + "\n");
    assertThat(client("subscriptions", "delete", id)).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString())
        .isEqualTo("fanfare: There is no such thing: there is no subscription of this id\n");
  }

  @Test
  void aSubscriptionIsPausedResumedAndGetsNewSecrets() throws IOException {
    assertThat(
            client(
                "subscriptions",
                "create",
                "--tenant",
                "cli",
                "--endpoint",
                "https://example.com/h",
                "--event-types",
                "*",
                "--json"))
        .isZero();
    JsonNode made = ApiClient.JSON.readTree(out.toString());
    var id = made.path("id").asText();

    assertThat(client("subscriptions", "pause", id)).isZero();
    assertThat(out.toString()).containsPattern("status +paused");
    assertThat(client("subscriptions", "resume", id)).isZero();
    assertThat(out.toString()).containsPattern("status +active");
    assertThat(client("subscriptions", "rotate-secret", id, "--overlap", "2h", "--json")).isZero();
    var rotated = ApiClient.JSON.readTree(out.toString());
    assertThat(rotated.path("secret").asText()).startsWith("whsec_");
    assertThat(rotated.path("secret")).isNotEqualTo(made.path("secret"));
    assertThat(rotated.path("live").asInt()).isEqualTo(2);
    assertThat(client("subscriptions", "rotate-secret", id, "--overlap", "soon"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("/overlap must be a duration");
  }

  @Test
  void tenantsAndTheirKeys() throws IOException {
    assertThat(client("tenants", "create", "shell", "--name", "Shell Inc.")).isZero();
    assertThat(client("tenants", "create", "shell")).isEqualTo(ExitCode.FAILED);
    assertThat(client("tenants", "list")).isZero();
    assertThat(out.toString()).containsPattern("shell +Shell Inc. +active");
    assertThat(client("keys", "create", "--role", "viewer", "--tenant", "shell", "--json"))
        .isZero();
    var key = ApiClient.JSON.readTree(out.toString());
    assertThat(key.path("key").asText()).startsWith("fk_");
    assertThat(client("keys", "list", "--tenant", "shell")).isZero();
    assertThat(out.toString()).contains(key.path("id").asText()).doesNotContain("fk_");

    assertThat(client("tenants", "disable", "shell")).isZero();
    assertThat(out.toString()).containsPattern("status +disabled");
    assertThat(client("tenants", "enable", "shell")).isZero();
    assertThat(client("keys", "revoke", key.path("id").asText())).isZero();
    assertThat(client("keys", "show", key.path("id").asText())).isZero();
    assertThat(out.toString()).contains("revoked_at");
    assertThat(client("tenants", "delete", "shell")).isZero();
    assertThat(client("tenants", "show", "shell")).isEqualTo(ExitCode.FAILED);
  }

  @Test
  void eventsOneManyAndFromAFile(@TempDir Path directory) throws IOException {
    String[] whose = {"--tenant", "cli", "--recipient", "a@b.c"};
    assertThat(client(with(whose, "events", "send", "--type", "email.sent"))).isZero();
    assertThat(out.toString()).matches("evt_[a-z0-9]{24}\n");

    assertThat(client(with(whose, "events", "send", "--type", "email.sent", "--count", "450")))
        .isZero();
    assertThat(out.toString().lines().distinct()).hasSize(450);

    var file =
        Files.writeString(
            directory.resolve("e.json"),
            "[{\"type\":\"email.sent\",\"event_id\":\"mine-1\"},{\"type\":\"email.opened\"}]");
    assertThat(client(with(whose, "events", "send", "--data", file.toString()))).isZero();
    assertThat(out.toString()).hasLineCount(2).startsWith("mine-1\n");
  }

  @Test
  void eventsFromAFileOfLines(@TempDir Path directory) throws IOException {
    var good =
        "{\"type\":\"email.sent\",\"tenant\":\"cli\",\"recipient\":\"a@b.c\",\"message_id\":\"m\"}\n";
    var file = Files.writeString(directory.resolve("e.ndjson"), good.repeat(1_500)).toString();

    int sent = client("events", "send", "--file", file);
    assertThat(sent).as(err.toString()).isZero();
    assertThat(out.toString()).isEqualTo("1,500 accepted, 0 refused\n");
    assertThat(err.toString()).startsWith("1,500 lines sent, ");
    assertThat(client("events", "send", "--file", file, "--json", "--idempotency-key", "k"))
        .isZero();
    assertThat(ApiClient.JSON.readTree(out.toString()).path("accepted").asInt()).isEqualTo(1_500);

    Files.writeString(Path.of(file), good + "{nonsense\n" + good);
    assertThat(client("events", "send", "--file", file)).isEqualTo(ExitCode.FAILED);
    assertThat(out.toString()).startsWith("2 accepted, 1 refused\n  line 2 not JSON");
    assertThat(client("events", "send", "--file", file, "--idempotency-key", "k"))
        .as("another file")
        .isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("The Idempotency-Key was used before");

    assertThat(execute("events", "send", "--file", file, "--url", fanfare.url(), "--api-key", "x"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("An API key is needed").contains("--idempotency-key ");
  }

  @Test
  void whatTheApiRefusesIsToldFieldByField() {
    assertThat(client("events", "send", "--type", "email.exploded")).isEqualTo(ExitCode.FAILED);
    assertThat(err.toString())
        .startsWith("fanfare: The content is not valid: 3 things are wrong\n")
        .contains("  /type is no event type")
        .contains("  /tenant ")
        .contains("  /recipient ")
        .doesNotContain("\tat ");
  }

  @Test
  void aWrongKeyAndAServerThatIsNotThereAreTold() {
    assertThat(execute("subscriptions", "list", "--url", fanfare.url(), "--api-key", "wrong"))
        .isEqualTo(ExitCode.FAILED);
    assertThat(err.toString()).contains("the API key is not valid (--api-key or FANFARE_API_KEY)");

    var nowhere = "http://127.0.0.1:" + Ports.free();
    assertThat(execute("subscriptions", "list", "--url", nowhere)).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(err.toString())
        .isEqualTo("fanfare: no answer from " + nowhere + "; is Fanfare running there?\n");
  }

  @Test
  void topicsAreMadeAndVerified(@TempDir Path directory) throws IOException {
    var prefix = SharedKafka.prefix(CliIT.class);
    var yaml =
        "kafka: {bootstrap.servers: \"%s\"}\ntopics: {prefix: %s, input: in-%s, partitions: 1}\nretry: {ladder: [5s]}\n"
            .formatted(SharedKafka.bootstrap(), prefix, prefix);
    var file = Files.writeString(directory.resolve("fanfare.yaml"), yaml).toString();

    assertThat(execute("topics", "verify", "-c", file)).isEqualTo(ExitCode.FAILED);
    assertThat(out.toString()).contains("WRONG    " + prefix + "deliveries does not exist");
    assertThat(execute("topics", "create", "-c", file)).isZero();
    assertThat(out.toString())
        .contains("created " + prefix + "retry.5s")
        .contains("12 created, 0 existed")
        .contains("all 12 topics are as needed");
    assertThat(execute("topics", "create", "-c", file)).isZero();
    assertThat(out.toString()).startsWith("0 created, 12 existed");
    assertThat(execute("topics", "verify", "-c", file)).isZero();
  }

  @Test
  void aBrokerThatIsNotThereIsOneLine(@TempDir Path directory) throws IOException {
    var port = Ports.free();
    var yaml = "kafka: {bootstrap.servers: \"127.0.0.1:" + port + "\"}\n";
    var file = Files.writeString(directory.resolve("fanfare.yaml"), yaml).toString();

    assertThat(execute("topics", "verify", "-c", file)).isEqualTo(ExitCode.UNAVAILABLE);
    assertThat(err.toString())
        .isEqualTo(
            "fanfare: no Kafka broker answers at bootstrap.servers=127.0.0.1:" + port + "\n");
  }

  @Test
  void listensAndVerifies() throws Exception {
    var secret = HmacSecret.generate(new byte[32]);
    var printed = new StringWriter();
    try (var receiver =
            Receiver.start("127.0.0.1", 0, List.of(secret), 204, new PrintWriter(printed, true));
        var http = HttpClient.newHttpClient()) {
      var body = "{\"type\":\"email.sent\",\"evil\":\"\\u001b[2J\"}";
      var now = Instant.now();
      var signature =
          StandardWebhooks.sign(
              new SigningKeys(List.of(secret)),
              "evt_1",
              now,
              ByteBuffer.wrap(body.getBytes(UTF_8)));
      var request =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + receiver.port() + "/hook"))
              .header("webhook-id", "evt_1")
              .header("webhook-timestamp", "" + now.getEpochSecond())
              .header("webhook-attempt", "3");

      var good =
          http.send(
              request
                  .copy()
                  .header("webhook-signature", signature)
                  .POST(BodyPublishers.ofString(body))
                  .build(),
              BodyHandlers.discarding());
      var forged =
          http.send(
              request
                  .copy()
                  .header("webhook-signature", signature)
                  .POST(BodyPublishers.ofString(body + " "))
                  .build(),
              BodyHandlers.discarding());

      assertThat(good.statusCode()).isEqualTo(204);
      assertThat(forged.statusCode()).isEqualTo(401);
    }
    assertThat(printed.toString())
        .containsPattern(
            Pattern.compile("POST /hook {2}id evt_1 {2}attempt 3 {2}signature valid {2}-> 204"))
        .contains("SIGNATURE no match  -> 401")
        .contains("\"type\" : \"email.sent\"")
        .doesNotContain("\u001b");
  }

  @Test
  void aPortThatIsTakenIsOneLine() throws IOException {
    try (var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThat(execute("listen", "--port", "" + taken.getLocalPort()))
          .isEqualTo(ExitCode.UNAVAILABLE);
    }
    assertThat(err.toString()).startsWith("fanfare: can't listen on 127.0.0.1:").hasLineCount(1);
  }

  @Test
  void listenRunsUntilItIsInterrupted() throws InterruptedException {
    var thread = Thread.ofVirtual().start(() -> execute("listen", "--port", "0"));
    await().until(() -> out.toString().contains("listening on http://127.0.0.1:"));

    thread.interrupt();

    thread.join();
    assertThat(out.toString()).contains("answering 204");
  }

  private int client(String... args) {
    return execute(with(args, "--url", fanfare.url(), "--api-key", TestFanfare.KEY));
  }

  private static String[] with(String[] args, String... more) {
    var all = new ArrayList<String>();
    if (more.length > 0 && !more[0].startsWith("--")) {
      all.addAll(List.of(more));
      all.addAll(List.of(args));
    } else {
      all.addAll(List.of(args));
      all.addAll(List.of(more));
    }
    return all.toArray(String[]::new);
  }

  private int execute(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return FanfareCommand.create()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
