package dev.fanfare.dispatcher.console;

import static dev.fanfare.dispatcher.api.exchange.Access.OPEN;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.api.Routes;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.api.exchange.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The dashboard at `/`. The same page answers at each of its addresses, so that each can be
/// bookmarked and reloaded; which part of it to show it reads from the address itself. Files carry
/// the version of all of them in their address and may be kept for ever.
///
/// The page holds nothing to be protected: what it shows it asks the API for, which checks.
public final class ConsoleRoutes {
  private static final String FOR_EVER = "public, max-age=31536000, immutable";
  private static final String ASK_EACH_TIME = "no-cache";

  /// Every address that shows the page; `app.js` has the same list.
  private static final List<String> ADDRESSES =
      List.of(
          "/",
          "/overview",
          "/deliveries/{id}",
          "/endpoints",
          "/endpoints/{id}",
          "/dead-letters",
          "/replays",
          "/replays/{id}",
          "/alerts",
          "/event-types",
          "/event-types/{type}",
          "/reference");

  /// Scripts and styles from here only, nothing inline, nothing made of text at run time; no
  /// frames, no forms, no other place to talk to.
  private static final Map<String, String> PAGE_HEADERS =
      Map.of(
          "Content-Security-Policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src"
              + " 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none';"
              + " require-trusted-types-for 'script'; trusted-types 'none'",
          "X-Frame-Options",
          "DENY",
          "Cross-Origin-Opener-Policy",
          "same-origin",
          "Permissions-Policy",
          "camera=(), geolocation=(), microphone=(), payment=(), usb=()");

  private final Assets assets;
  private final Asset page;

  private ConsoleRoutes(Assets assets) {
    this.assets = assets;
    this.page = new Asset("text/html; charset=utf-8", html(assets).getBytes(UTF_8));
  }

  /// @throws IllegalStateException if the class path lacks a file of the page
  public static Routes load() {
    var console = new ConsoleRoutes(Assets.load());
    var routes = new ArrayList<Route>();
    ADDRESSES.forEach(path -> routes.add(new Route("GET", path, OPEN, console::page)));
    routes.add(new Route("GET", "/assets/{version}/{file}", OPEN, console::file));
    routes.add(new Route("GET", "/assets/{version}/{folder}/{file}", OPEN, console::file));
    return new Routes(routes);
  }

  private Answer page(Call call) {
    var answer = page.answer(call, ASK_EACH_TIME);
    for (var header : PAGE_HEADERS.entrySet()) {
      answer = answer.with(header.getKey(), header.getValue());
    }
    return answer;
  }

  /// Only under the version that is served: another one's files are not these.
  private Answer file(Call call) {
    var prefix = "/assets/" + assets.version() + "/";
    if (call.path().startsWith(prefix)) {
      var asset = assets.find(call.path().substring(prefix.length()));
      if (asset.isPresent()) {
        return asset.get().answer(call, FOR_EVER);
      }
    }
    throw new ApiProblem(Problem.notFound("the page has no such file; reload it"));
  }

  private static String html(Assets assets) {
    var base = "/assets/" + assets.version() + "/";
    var head = new StringBuilder();
    for (var style : assets.styles()) {
      head.append("<link rel=\"stylesheet\" href=\"%s%s\">%n".formatted(base, style));
    }
    for (var module : assets.modules()) {
      head.append("<link rel=\"modulepreload\" href=\"%s%s\">%n".formatted(base, module));
    }
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>Fanfare</title>
    <link rel="icon" type="image/svg+xml" href="{base}icon.svg">
    <script src="{base}theme.js"></script>
    {head}<script type="module" src="{base}app.js"></script>
    </head>
    <body>
    <div id="app"></div>
    <noscript>Fanfare's dashboard needs JavaScript. The same is to be had from the API: see /openapi.json.</noscript>
    </body>
    </html>
    """
        .replace("{base}", base)
        .replace("{head}", head);
  }
}
