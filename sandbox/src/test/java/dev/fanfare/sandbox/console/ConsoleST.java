package dev.fanfare.sandbox.console;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.microsoft.playwright.Locator;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The dashboard in a browser, on a running sandbox. Each test leaves pictures under
/// `target/screenshots`.
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConsoleST {
  private static final Duration ENOUGH = Duration.ofSeconds(60);
  private static final List<String> OFTEN = Collections.nCopies(20, "1s");
  private static final String ATTACK =
      "<img src=x onerror=\"window.pwned=1\"><script>pwned=1</script>";
  private String tenant = "";

  private Chromium chromium;
  private Sandbox sandbox;
  private ApiClient api;
  private Receiver receiver;
  private final List<Page> open = new ArrayList<>();

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
    tenant = "t-" + unique(); // what others subscribed to is not sent
  }

  @AfterEach
  void closePages() {
    open.forEach(page -> page.context().close());
    open.clear();
    receiver.close();
    assertThat(chromium.takeComplaints()).isEmpty();
  }

  @Test
  void aFailingEndpointAppearsLiveAndReplayAfterItsRepairDeliversWithoutAReload() throws Exception {
    // Given
    receiver.answer(
        Answer.status(503)
            .header("content-type", "application/json")
            .body("{\"error\":{\"code\":\"db_unavailable\",\"hint\":\"pool exhausted\"}}"));
    subscribe("Billing", "/billing", Map.of("retry_schedule", List.of("1s")));
    var page = open("/");
    assertThat(page.locator(".connection")).containsText("Live");
    page.evaluate("window.sameDocument = true");

    // When
    var recipient = unique() + "@customer.example";
    send("email.bounced", recipient, Map.of());

    // Then
    var row = row(page, recipient);
    assertThat(row).containsText("dead");
    assertThat(row).containsText("503");
    Chromium.picture(page, "failing-in-the-log");
    row.click();
    var detail = page.locator(".detail");
    assertThat(detail).containsText("db_unavailable");
    assertThat(detail).containsText("pool exhausted");
    assertThat(detail.locator("button.mark")).hasCount(2);
    Chromium.picture(page, "failing-in-detail");

    // and when it is well again
    receiver.answer(Answer.OK);
    detail.getByRole(AriaRole.BUTTON, role("Replay")).click();
    assertThat(detail.locator(".replay-result")).containsText("delivered");
    assertThat(detail.locator(".replay-result")).containsText("200");
    Chromium.picture(page, "replayed");
    assertThat(page.evaluate("window.sameDocument")).isEqualTo(true);
  }

  @Test
  void anEndpointIsMadeTestedPausedEditedAndItsSecretRotated() throws Exception {
    receiver.answer(Answer.status(200).body("{\"taken\":true}"));
    var page = open("/endpoints");

    // made
    page.getByRole(AriaRole.BUTTON, named("New endpoint")).click();
    page.getByLabel("URL").fill("not a url");
    page.getByLabel("Tenant").fill(tenant);
    page.getByLabel("Description").fill("Warehouse");
    page.getByRole(AriaRole.BUTTON, named("Make endpoint")).click();
    assertThat(page.locator(".field-error").first()).isVisible();
    page.getByLabel("URL").fill(receiver.url("/warehouse").toString());
    page.getByRole(AriaRole.BUTTON, named("Make endpoint")).click();
    assertThat(page.locator(".secret code")).containsText("whsec_");
    Chromium.picture(page, "endpoint-made");
    page.getByRole(AriaRole.BUTTON, named("Done")).click();
    assertThat(page.getByRole(AriaRole.HEADING, heading("Warehouse"))).isVisible();

    // tested
    page.getByRole(AriaRole.BUTTON, named("Send a test event")).click();
    page.getByRole(AriaRole.BUTTON, named("Send").setExact(true)).click();
    assertThat(page.locator("dialog .status")).hasText("taken");
    assertThat(page.locator("dialog .code")).containsText("\"taken\": true");
    Chromium.picture(page, "endpoint-tested");
    page.getByRole(AriaRole.BUTTON, named("Close").setExact(true)).last().click();

    // paused and resumed
    page.getByRole(AriaRole.BUTTON, named("Pause")).click();
    assertThat(page.locator(".banner")).containsText("Paused");
    page.getByRole(AriaRole.BUTTON, named("Resume")).click();
    assertThat(page.getByRole(AriaRole.BUTTON, named("Pause"))).isVisible();

    // edited
    page.getByRole(AriaRole.BUTTON, named("Edit")).click();
    page.getByLabel("Description").fill("Warehouse, north");
    page.getByRole(AriaRole.BUTTON, named("Save")).click();
    assertThat(page.getByRole(AriaRole.HEADING, heading("Warehouse, north"))).isVisible();

    // rotated
    page.getByRole(AriaRole.BUTTON, named("Rotate secret")).click();
    page.getByRole(AriaRole.BUTTON, named("Rotate").setExact(true)).click();
    assertThat(page.locator(".secret code")).containsText("whsec_");
    page.getByRole(AriaRole.BUTTON, named("Done")).click();
    Chromium.picture(page, "endpoint");
  }

  @Test
  void aGroupOfDeadLettersIsTriedDryAndReplayedWithItsProgress() throws Exception {
    // Given
    receiver.answer(Answer.status(500).body("broken"));
    subscribe("Legacy", "/legacy", Map.of("retry_schedule", List.of("1s")));
    for (int i = 0; i < 5; i++) {
      send("email.complained", unique() + "@customer.example", Map.of());
    }
    var page = open("/dead-letters");
    var group = page.locator("tr", new Page.LocatorOptions().setHasText("Legacy"));
    assertThat(group.locator("td").nth(3)).hasText("5");
    Chromium.picture(page, "dead-letters");

    // When
    receiver.answer(Answer.OK);
    group.getByRole(AriaRole.BUTTON, role("Replay group")).click();
    page.getByRole(AriaRole.BUTTON, named("Dry run")).click();
    assertThat(page.locator("dialog")).containsText("5 would be sent");
    long before = receiver.count();
    Chromium.picture(page, "dry-run");
    page.getByRole(AriaRole.BUTTON, named("Replay 5")).click();

    // Then
    assertThat(page.locator(".job")).containsText("finished");
    assertThat(page.locator(".job")).containsText("5 of 5");
    Chromium.picture(page, "replay-job");
    await().atMost(ENOUGH).until(() -> receiver.count() >= before + 5);
  }

  @Test
  void anAlertFiresAtAThresholdSetOnThePageAndIsOverWithoutAReload() throws Exception {
    // Given
    var page = open("/alerts");
    assertThat(page.locator(".rules tbody tr")).hasCount(6);
    Chromium.picture(page, "alerts-by-default");
    page.getByRole(AriaRole.BUTTON, named("Failures in a row").setExact(true)).click();
    page.getByLabel("Over below").fill("5");
    page.getByLabel("Fires at").fill("3");
    page.getByRole(AriaRole.BUTTON, named("Save")).click();
    assertThat(page.locator("dialog .field-error")).hasText("must not be above where it fires");
    Chromium.picture(page, "alert-rule-refused");
    page.getByLabel("Over below").fill("1");
    page.getByRole(AriaRole.BUTTON, named("Save")).click();
    var rule = page.locator(".rules tr", new Page.LocatorOptions().setHasText("Failures in a row"));
    assertThat(rule.locator("td").nth(2)).hasText("3");
    assertThat(page.locator("dialog")).hasCount(0);
    page.evaluate("window.sameDocument = true");
    receiver.answer(Answer.status(500));
    var id = subscribe("Flaky " + tenant, "/flaky", Map.of("retry_schedule", OFTEN));

    // When
    send("email.bounced", unique() + "@customer.example", Map.of());

    // Then
    var firing =
        page.locator(".firing li", new Page.LocatorOptions().setHasText("Flaky " + tenant))
            .filter(new Locator.FilterOptions().setHasText("times in a row"));
    assertThat(firing).containsText("(alert at 3)");
    assertThat(firing.locator(".status")).hasText("Alert");
    assertThat(firing.getByRole(AriaRole.LINK).first()).hasAttribute("href", "/endpoints/" + id);
    Chromium.picture(page, "alert-fires");

    // and when it is well again
    receiver.answer(Answer.OK);
    assertThat(firing).hasCount(0);
    var over = page.locator(".alerts li", new Page.LocatorOptions().setHasText("Flaky " + tenant));
    assertThat(over.first()).containsText("is over after");
    assertThat(page.evaluate("window.sameDocument")).isEqualTo(true);
    Chromium.picture(page, "alert-is-over");
  }

  @Test
  void whatAStrangerWritesIsShownAsTextEverywhere() throws Exception {
    // Given
    receiver.answer(
        Answer.status(400)
            .header("x-attack", ATTACK)
            .header("content-type", "text/html")
            .body("<html>" + ATTACK + "</html>"));
    var id = subscribe("Hook " + ATTACK, "/hook", Map.of("headers", Map.of("x-mine", ATTACK)));
    var recipient = unique() + "@customer.example";
    send("email.bounced", recipient, Map.of("subject", ATTACK, "metadata", Map.of("note", ATTACK)));
    var page = open("/");

    // When
    var row = row(page, recipient);
    assertThat(row).containsText("400");
    row.click();
    var detail = page.locator(".detail");

    // Then
    assertThat(detail).containsText("onerror");
    assertThat(detail.locator(".pairs").first()).containsText(ATTACK);
    assertThat(detail.locator(".code").first()).containsText("<html>" + ATTACK);
    Chromium.picture(page, "attack-as-text");
    detail.getByRole(AriaRole.BUTTON, role("Request")).click();
    assertThat(detail.locator(".code").first()).containsText("onerror");
    detail.getByRole(AriaRole.BUTTON, role("Signature")).click();
    requireUnharmed(page);
    for (var path :
        List.of(
            "/endpoints",
            "/endpoints/" + id,
            "/dead-letters",
            "/alerts",
            "/?recipient=%3Cimg%20src%3Dx%20onerror%3Dpwned%3D1%3E",
            "/event-types/%3Cscript%3E")) {
      page.navigate(sandbox.api().resolve(path).toString());
      assertThat(page.locator("h1")).isVisible();
      requireUnharmed(page);
    }
    page.navigate(sandbox.api().resolve("/endpoints/" + id).toString());
    assertThat(page.getByRole(AriaRole.HEADING, heading("Hook " + ATTACK))).isVisible();
  }

  @ParameterizedTest
  @EnumSource(Look.class)
  void axeFindsNothingOnAnyPage(Look look) throws Exception {
    // Given
    receiver.answer(Answer.status(500).body("{\"broken\":true}"));
    var id = subscribe("Accessible " + look, "/accessible", Map.of());
    var recipient = unique() + "@customer.example";
    send("email.bounced", recipient, Map.of());
    var page = open("/", look);
    var row = row(page, recipient);
    assertThat(row).isVisible();
    var delivery = row.getAttribute("data-id");

    var found = new ArrayList<String>();

    // When
    for (var path :
        List.of(
            "/",
            "/deliveries/" + delivery,
            "/overview",
            "/endpoints",
            "/endpoints/" + id,
            "/dead-letters",
            "/replays",
            "/replays/none",
            "/alerts",
            "/event-types",
            "/event-types/email.bounced",
            "/reference")) {
      page.navigate(sandbox.api().resolve(path).toString());
      assertThat(page.locator("h1").first()).isVisible();
      assertThat(page.locator(".loading")).hasCount(0);
      Chromium.picture(page, "page" + path.replaceAll("[^a-z]+", "-") + "-" + look);
      Axe.violations(page).forEach(it -> found.add(path + ": " + it));
      if ((Integer) page.evaluate("document.documentElement.scrollWidth - innerWidth") > 0) {
        found.add(path + ": hangs over the edge");
      }
    }

    // Then
    assertThat(found).isEmpty();
  }

  @Test
  void theLogIsWorkedFromTheKeyboardAndItsFiltersLiveInTheAddress() throws Exception {
    subscribe("Keyboard", "/keyboard", Map.of());
    var mine = unique() + "@customer.example";
    send("email.opened", mine, Map.of());
    send("email.clicked", unique() + "@customer.example", Map.of());
    var page = open("/");
    assertThat(row(page, mine)).isVisible();

    page.keyboard().press("/");
    page.keyboard().type(mine);
    assertThat(page.locator("a.row")).hasCount(1);
    assertThat(page.url()).contains("recipient=");
    page.reload();
    assertThat(page.locator("a.row")).hasCount(1);
    page.keyboard().press("j");
    page.keyboard().press("Enter");
    assertThat(page.locator(".detail")).containsText(mine);
    page.keyboard().press("Escape");
    assertThat(page.locator(".detail")).hasCount(0);
    page.keyboard().press("?");
    assertThat(page.locator("dialog")).containsText("Keyboard");
    Chromium.picture(page, "keyboard");
  }

  private void requireUnharmed(Page page) {
    assertThat(page.evaluate("window.pwned === undefined && !document.querySelector('img')"))
        .as("markup of a stranger on " + page.url())
        .isEqualTo(true);
  }

  private Page open(String path) {
    return open(path, Look.DESK);
  }

  private Page open(String path, Look look) {
    var page = chromium.open(sandbox.api().resolve(path), look);
    open.add(page);
    return page;
  }

  private static Locator row(Page page, String recipient) {
    return page.locator("a.row", new Page.LocatorOptions().setHasText(recipient)).last();
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name);
  }

  private static Page.GetByRoleOptions heading(String name) {
    return new Page.GetByRoleOptions().setName(name).setLevel(1).setExact(true);
  }

  private static Locator.GetByRoleOptions role(String name) {
    return new Locator.GetByRoleOptions().setName(name);
  }

  private String subscribe(String description, String path, Map<String, Object> more)
      throws IOException {
    var wanted = new HashMap<>(more);
    wanted.put("tenant", tenant);
    wanted.put("url", receiver.url(path).toString());
    wanted.put("event_types", List.of("*"));
    wanted.put("description", description);
    return require(api.post("/v1/subscriptions", wanted)).body().path("id").asText();
  }

  private void send(String type, String recipient, Map<String, Object> more) throws IOException {
    var _ = require(api.post("/v1/events", event(type, recipient, more)));
  }

  private Map<String, Object> event(String type, String recipient, Map<String, Object> more) {
    var event = new HashMap<>(more);
    event.put("tenant", tenant);
    event.put("type", type);
    event.put("recipient", recipient);
    event.put("message_id", "msg_" + unique());
    return event;
  }

  private static ApiClient.Said require(ApiClient.Said said) {
    assertThat(said.isGood()).as(said.toString()).isTrue();
    return said;
  }

  private static String unique() {
    return UUID.randomUUID().toString();
  }
}
