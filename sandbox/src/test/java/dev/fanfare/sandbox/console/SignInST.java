package dev.fanfare.sandbox.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.SameSiteAttribute;
import dev.fanfare.dispatcher.app.Fanfare;
import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.sealing.Keyset;
import dev.fanfare.sandbox.console.Chromium.Look;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Signing in to the dashboard of a dispatcher that asks for keys, in a browser.
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignInST {
  private static final String ADMIN = "the-key-of-the-operators";
  private static final Duration ENOUGH = Duration.ofSeconds(60);

  private final HttpClient http = HttpClient.newHttpClient();
  private Chromium chromium;
  private Fanfare fanfare;
  private URI address;
  private String tenantsKey = "";

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    PlaywrightAssertions.setDefaultAssertionTimeout((double) ENOUGH.toMillis());
    chromium = Chromium.start();
    var config = configuration(directory);
    try (var topics = TopicAdmin.connect(config.kafka())) {
      topics.createMissing(TopicPlan.of(config.topics(), config.ladder()));
    }
    fanfare = Fanfare.start(config);
    address = URI.create("http://127.0.0.1:" + fanfare.port());
    var _ = post("/v1/tenants", "{\"id\":\"acme\"}");
    var _ = post("/v1/tenants", "{\"id\":\"globex\"}");
    subscribe("acme", "Acme's own");
    subscribe("globex", "Globex's own");
    tenantsKey = post("/v1/keys", "{\"role\":\"tenant\",\"tenant\":\"acme\"}").path("key").asText();
  }

  private static FanfareConfig configuration(Path directory) {
    var prefix = SharedKafka.prefix(SignInST.class);
    return FanfareConfig.load(
        ConfigFile.of(
            "sign-in",
            """
            kafka: {bootstrap.servers: "%s"}
            schema_registry: {schema.registry.url: "mock://%s"}
            topics: {prefix: %s, input: in-%sevents, partitions: 2}
            egress: {allow_http: true, allowed_networks: [127.0.0.0/8]}
            log: {directory: "%s", ledger_interval: 1s}
            api: {port: 0, api_key: %s}
            secrets: {keyset: '%s'}
            """
                .formatted(
                    SharedKafka.bootstrap(),
                    prefix.replace(".", ""),
                    prefix,
                    prefix,
                    directory,
                    ADMIN,
                    Keyset.create().reveal().replace("\n", ""))),
        Map.of());
  }

  @AfterAll
  void stop() {
    if (fanfare != null) {
      fanfare.close();
    }
    if (chromium != null) {
      chromium.close();
    }
    http.close();
  }

  @AfterEach
  void nothingBroke() {
    assertThat(chromium.takeComplaints()).isEmpty();
  }

  @Test
  void aWrongKeyIsRefusedAndLeavesNothingBehind() {
    var page = chromium.open(address.resolve("/endpoints"), Look.DESK);
    assertThat(page.getByRole(AriaRole.NAVIGATION)).hasCount(0); // nothing is seen before

    signIn(page, "fk_" + "a".repeat(24) + "_" + "a".repeat(52));

    assertThat(page.locator(".field-error")).containsText("This key is not valid");
    assertThat(page.getByRole(AriaRole.NAVIGATION)).hasCount(0);
    assertThat(page.context().cookies()).isEmpty();
    Chromium.picture(page, "sign-in-refused");
    assertThat(Axe.violations(page)).isEmpty();
    page.context().close();
  }

  @Test
  void aTenantSeesOnlyItsOwnUntilItSignsOut() {
    var page = chromium.open(address.resolve("/endpoints"), Look.DESK);
    Chromium.picture(page, "sign-in");

    signIn(page, tenantsKey);

    // only its own, at the address that was asked for
    assertThat(page.locator("table.endpoints")).containsText("Acme's own");
    assertThat(page.locator("table.endpoints")).not().containsText("Globex's own");
    assertThat(page.locator(".who")).containsText("acme");
    page.navigate(address.resolve("/overview").toString());
    assertThat(page.locator(".tiles")).containsText("Deliveries made");
    assertThat(page.locator(".tiles")).not().containsText("Events in"); // that is everybody's
    assertThat(page.locator("main")).not().containsText("Nothing waits"); // and so is this
    assertThat(page.locator(".trouble")).hasCount(0);
    Chromium.picture(page, "overview-of-a-tenant");

    // the cookie is out of scripts' reach, stays on this site, and holds no key
    assertThat(page.context().cookies())
        .singleElement()
        .satisfies(cookie -> {
          assertThat(cookie.httpOnly).isTrue();
          assertThat(cookie.sameSite).isEqualTo(SameSiteAttribute.STRICT);
          assertThat(cookie.path).isEqualTo("/");
          assertThat(cookie.value).doesNotContain(tenantsKey);
        });
    assertThat(page.evaluate("document.cookie")).isEqualTo("");
    assertThat(page.evaluate("JSON.stringify([localStorage, sessionStorage])").toString())
        .doesNotContain(tenantsKey);

    // with the cookie alone nothing can be changed: a form of another site sends no such header
    assertThat(page.evaluate(PAUSE_ALL.replace("HEADERS", "{}"))).isEqualTo(403);
    assertThat(page.evaluate(PAUSE_ALL.replace("HEADERS", "{'x-fanfare-console': '1'}")))
        .isEqualTo(404); // let in, though there is no such endpoint

    // and after it has signed out, nothing is seen
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign out")).click();
    assertThat(page.getByLabel("API key")).isVisible();
    assertThat(page.context().cookies()).isEmpty();
    page.navigate(address.resolve("/endpoints").toString());
    assertThat(page.getByLabel("API key")).isVisible();
    assertThat(page.locator("body")).not().containsText("Acme's own");
    page.context().close();
  }

  @Test
  void operatorsSeeEverybodysOwn() {
    var page = chromium.open(address.resolve("/endpoints"), Look.PHONE_AT_NIGHT);

    signIn(page, ADMIN);

    assertThat(page.locator("table.endpoints")).containsText("Acme's own");
    assertThat(page.locator("table.endpoints")).containsText("Globex's own");
    Chromium.picture(page, "signed-in-on-a-phone");
    page.context().close();
  }

  private static final String PAUSE_ALL =
      "fetch('/v1/subscriptions/sub_none/pause', {method: 'POST', headers: HEADERS})"
          + ".then(it => it.status)";

  private static void signIn(Page page, String key) {
    page.getByLabel("API key").fill(key);
    page.getByRole(AriaRole.BUTTON, new Page.GetByRoleOptions().setName("Sign in")).click();
  }

  private void subscribe(String tenant, String description) throws Exception {
    var _ =
        post(
            "/v1/subscriptions",
            """
            {"tenant":"%s","url":"http://127.0.0.1:9/","event_types":["*"],"description":"%s"}\
            """
                .formatted(tenant, description));
  }

  private JsonNode post(String path, String json) throws IOException, InterruptedException {
    var said =
        http.send(
            HttpRequest.newBuilder(address.resolve(path))
                .header("authorization", "Bearer " + ADMIN)
                .header("content-type", "application/json")
                .POST(BodyPublishers.ofString(json))
                .build(),
            BodyHandlers.ofString());
    assertThat(said.statusCode()).as(said.body()).isEqualTo(201);
    return new ObjectMapper().readTree(said.body());
  }
}
