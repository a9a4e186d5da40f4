package dev.fanfare.sandbox.console;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import com.microsoft.playwright.options.ServiceWorkerPolicy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// The machine's own Chromium, without a window, driven by Playwright; it reaches this machine
/// only. To be used from the thread that started it.
final class Chromium implements AutoCloseable {
  private static final String CHOSEN = "FANFARE_CHROMIUM";
  private static final List<String> PLACES =
      List.of("/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome");
  private static final List<String> FLAGS =
      List.of(
          "--no-sandbox", // tests run as root in containers
          "--disable-gpu",
          "--disable-dev-shm-usage",
          "--disable-background-networking",
          "--disable-component-update",
          "--disable-sync",
          "--no-first-run",
          "--enable-precise-memory-info");
  private static final double PATIENCE = 60_000;

  private final Playwright playwright;
  private final Browser browser;
  private final List<String> complaints = new CopyOnWriteArrayList<>();

  private Chromium(Playwright playwright, Browser browser) {
    this.playwright = playwright;
    this.browser = browser;
  }

  /// Aborts the test where there is none.
  static Chromium start() {
    var program = program();
    Assumptions.assumeTrue(
        program.isPresent(),
        "no Chromium: install one (apt-get install chromium) or name it in " + CHOSEN);
    var playwright =
        Playwright.create(
            new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    var browser =
        playwright
            .chromium()
            .launch(
                new BrowserType.LaunchOptions()
                    .setExecutablePath(program.get())
                    .setHeadless(true)
                    .setArgs(FLAGS));
    return new Chromium(playwright, browser);
  }

  private static Optional<Path> program() {
    return Stream.concat(Stream.ofNullable(System.getenv(CHOSEN)), PLACES.stream())
        .map(Path::of)
        .filter(Files::isExecutable)
        .findFirst();
  }

  /// A window of its own, cookies and all.
  Page open(URI address, Look look) {
    return open(address, look, "");
  }

  /// @param before a script that runs in the page before its own do
  Page open(URI address, Look look, String before) {
    var context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setViewportSize(look.width(), look.height())
                .setColorScheme(look.dark() ? ColorScheme.DARK : ColorScheme.LIGHT)
                .setServiceWorkers(ServiceWorkerPolicy.BLOCK));
    context.setDefaultTimeout(PATIENCE);
    stayOnThisMachine(context);
    context.addInitScript(before);
    var page = context.newPage();
    page.onPageError(error -> complaints.add("error: " + error));
    page.onConsoleMessage(message -> {
      if (message.text().contains("Content Security Policy")
          || message.text().contains("TrustedHTML")) {
        complaints.add("policy: " + message.text());
      }
    });
    page.navigate(address.toString());
    return page;
  }

  private static void stayOnThisMachine(BrowserContext context) {
    context.route(
        url -> !List.of("127.0.0.1", "localhost").contains(URI.create(url).getHost()),
        route -> route.abort());
  }

  /// Errors of scripts and breaches of the page's policy since the last time, in all pages.
  List<String> takeComplaints() {
    var taken = List.copyOf(complaints);
    complaints.clear();
    return taken;
  }

  /// Leaves a picture under `target/screenshots`.
  static void picture(Page page, String name) {
    page.screenshot(
        new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", name + ".png")));
  }

  @Override
  public void close() {
    browser.close();
    playwright.close();
  }

  /// What a window looks like.
  enum Look {
    DESK(1280, 800, false),
    DESK_AT_NIGHT(1280, 800, true),
    PHONE(390, 844, false),
    PHONE_AT_NIGHT(390, 844, true);

    private final int width;
    private final int height;
    private final boolean dark;

    Look(int width, int height, boolean dark) {
      this.width = width;
      this.height = height;
      this.dark = dark;
    }

    int width() {
      return width;
    }

    int height() {
      return height;
    }

    boolean dark() {
      return dark;
    }
  }
}
