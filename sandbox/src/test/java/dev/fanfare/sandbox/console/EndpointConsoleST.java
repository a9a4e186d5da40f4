package dev.fanfare.sandbox.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import dev.fanfare.sandbox.Sandbox;
import dev.fanfare.sandbox.SandboxSettings;
import dev.fanfare.sandbox.console.Chromium.Look;
import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.testkit.process.Ports;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// What the dashboard shows of an endpoint besides its deliveries, and of what waits.
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EndpointConsoleST {
  private static final Duration ENOUGH = Duration.ofSeconds(90);
  private static final int EVENTS = 30;

  private final String tenant = "t-" + UUID.randomUUID();
  private Chromium chromium;
  private Sandbox sandbox;
  private ApiClient api;
  private Receiver receiver;

  @BeforeAll
  void start(@TempDir Path directory) {
    PlaywrightAssertions.setDefaultAssertionTimeout((double) ENOUGH.toMillis());
    chromium = Chromium.start();
    sandbox =
        Sandbox.start(
            new SandboxSettings(Ports.free(), Ports.free(), Ports.free(), directory, false),
            _ -> {});
    api = new ApiClient(sandbox.api());
  }

  @AfterAll
  void stop() {
    if (sandbox != null) {
      sandbox.close();
    }
    if (chromium != null) {
      chromium.close();
    }
  }

  @BeforeEach
  void startReceiver() {
    receiver = Receiver.start();
  }

  @AfterEach
  void stopReceiver() {
    receiver.close();
    assertThat(chromium.takeComplaints()).isEmpty();
  }

  @Test
  void whatAnEndpointWantsToSeeIsSetChangedAndTakenAwayAndNoSecretComesBack() throws Exception {
    var page = open("/endpoints", Look.DESK);

    // set, with what is wrong shown at its field
    page.getByRole(AriaRole.BUTTON, named("New endpoint")).first().click();
    page.getByLabel("URL").fill(receiver.url("/secured").toString());
    page.getByLabel("Tenant").fill(tenant);
    page.getByLabel("Description").fill("Secured");
    page.locator("summary", new Page.LocatorOptions().setHasText("Authentication")).click();
    page.getByLabel("Authentication").selectOption("basic");
    page.getByLabel("User name").fill("fanfare");
    page.getByRole(AriaRole.BUTTON, named("Make endpoint")).click();
    assertThat(page.locator("dialog .field-error")).hasText("is required");
    Chromium.picture(page, "authentication-refused");
    page.getByLabel("Password").fill("s3cret-word");
    page.getByRole(AriaRole.BUTTON, named("Make endpoint")).click();
    page.getByRole(AriaRole.BUTTON, named("Done")).click();
    assertThat(page.locator(".pairs")).containsText("basic, as fanfare");
    var id = page.url().substring(page.url().lastIndexOf('/') + 1);
    assertThat(stored(id).path("username").asText()).isEqualTo("fanfare");
    page.getByRole(AriaRole.BUTTON, named("Send a test event")).click();
    page.getByRole(AriaRole.BUTTON, named("Send").setExact(true)).click();
    assertThat(page.locator("dialog .status")).hasText("taken");
    assertThat(receiver.requests().getLast().header("authorization"))
        .contains("Basic ZmFuZmFyZTpzM2NyZXQtd29yZA==");
    page.getByRole(AriaRole.BUTTON, named("Close").setExact(true)).last().click();

    // a change of something else leaves it as it is
    page.getByRole(AriaRole.BUTTON, named("Edit")).click();
    page.locator("summary", new Page.LocatorOptions().setHasText("Authentication")).click();
    assertThat(page.getByLabel("Password")).hasValue("");
    assertThat(page.locator("dialog")).not().containsText("s3cret-word");
    Chromium.picture(page, "authentication-form");
    page.getByLabel("Description").fill("Secured well");
    page.getByRole(AriaRole.BUTTON, named("Save")).click();
    assertThat(page.getByRole(AriaRole.HEADING, named("Secured well"))).isVisible();
    assertThat(stored(id).path("username").asText()).isEqualTo("fanfare");

    // another kind takes its place
    page.getByRole(AriaRole.BUTTON, named("Edit")).click();
    page.locator("summary", new Page.LocatorOptions().setHasText("Authentication")).click();
    page.getByLabel("Authentication").selectOption("oauth2");
    page.getByLabel("Token URL").fill(receiver.url("/token").toString());
    page.getByLabel("Client id").fill("client-1");
    page.getByLabel("Client secret").fill("another-s3cret");
    page.getByLabel("Scope").fill("events");
    page.getByRole(AriaRole.BUTTON, named("Save")).click();
    assertThat(page.locator(".pairs")).containsText("OAuth 2.0, client-1 at");
    assertThat(stored(id).path("scope").asText()).isEqualTo("events");

    // and it is taken away
    page.getByRole(AriaRole.BUTTON, named("Edit")).click();
    page.locator("summary", new Page.LocatorOptions().setHasText("Authentication")).click();
    page.getByLabel("Authentication").selectOption("");
    page.getByRole(AriaRole.BUTTON, named("Save")).click();
    assertThat(page.locator("dialog")).hasCount(0);
    assertThat(stored(id).isNull()).isTrue();
    page.context().close();
  }

  @Test
  void aBreakerOpensAndClosesOnThePageAndTheOverviewSaysWhatWaitsUntilWhen() throws Exception {
    // Given an endpoint that fails all the time, and one whose retries are far away
    receiver.answer(Answer.status(500));
    var id = subscribe("Broken", "/broken", Collections.nCopies(40, "1s"));
    var _ = subscribe("Patient", "/patient", List.of("10m", "1h"));
    var page = open("/endpoints/" + id, Look.DESK);
    var breaker = page.locator(".tiles .breaker");
    assertThat(breaker).containsText("closed");
    page.evaluate("window.sameDocument = true");

    // When
    var events = new ArrayList<Map<String, Object>>();
    for (int i = 0; i < EVENTS; i++) {
      events.add(
          Map.of(
              "tenant",
              tenant,
              "type",
              "email.bounced",
              "recipient",
              "a@customer.example",
              "message_id",
              "m-" + i));
    }
    assertThat(api.post("/v1/events", events).isGood()).isTrue();

    // Then it opens
    assertThat(breaker.locator(".status.bad")).hasText("open");
    assertThat(breaker).containsText("next try");
    Chromium.picture(page, "breaker-open");
    var list = open("/endpoints", Look.PHONE);
    assertThat(list.locator("tr", new Page.LocatorOptions().setHasText("Broken")))
        .containsText("breaker");
    Chromium.picture(list, "breaker-in-the-list");
    list.context().close();

    // and the overview says how much came in, and what is due when
    var overview = open("/overview", Look.DESK);
    var came = overview.locator(".tiles div", new Page.LocatorOptions().setHasText("Events in"));
    assertThat(came.locator("dd")).containsText(String.valueOf(EVENTS));
    var rung = overview.locator(".rungs tr", new Page.LocatorOptions().setHasText("10m"));
    assertThat(rung.locator("td").nth(2)).hasText(Pattern.compile("[1-3]\\d"));
    assertThat(rung.locator("time").first()).hasText(Pattern.compile("in \\d+ m"));
    assertThat(rung.locator("time")).hasCount(2);
    Chromium.picture(overview, "overview-with-what-waits");
    overview.context().close();
    var small = open("/overview", Look.PHONE_AT_NIGHT);
    assertThat(small.locator(".rungs")).isVisible();
    assertThat((Integer) small.evaluate("document.documentElement.scrollWidth - innerWidth"))
        .isZero();
    Chromium.picture(small, "overview-with-what-waits-on-a-phone");
    small.context().close();

    // and when it is well again, it closes by itself
    receiver.answer(Answer.OK);
    assertThat(breaker.locator(".status.good")).hasText("closed");
    assertThat(page.evaluate("window.sameDocument")).isEqualTo(true);
    page.context().close();
  }

  private JsonNode stored(String id) throws IOException {
    return api.get("/v1/subscriptions/" + id).body().path("authentication");
  }

  private String subscribe(String description, String path, List<String> schedule)
      throws IOException {
    var made =
        api.post(
            "/v1/subscriptions",
            Map.of(
                "tenant", tenant,
                "url", receiver.url(path).toString(),
                "event_types", List.of("*"),
                "retry_schedule", schedule,
                "description", description));
    assertThat(made.isGood()).as(made.toString()).isTrue();
    return made.body().path("id").asText();
  }

  private Page open(String path, Look look) {
    return chromium.open(sandbox.api().resolve(path), look);
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }
}
