package dev.fanfare.dispatcher.console;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.api.Routes;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConsoleRoutesTest {
  private static final Pattern FILE = Pattern.compile("(?:href|src)=\"(/[^\"]+)\"");
  private static final Pattern IMPORT = Pattern.compile("(?:from|import) ?\"([^\"\\s]+)\"");

  private final Routes routes = ConsoleRoutes.load();

  @ParameterizedTest
  @ValueSource(strings = {"/", "/deliveries/dlv_1", "/endpoints/sub_1", "/dead-letters", "/alerts"})
  void everyAddressIsThePageItself(String path) {
    var answer = answer(path, Map.of());

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.mediaType()).startsWith("text/html");
    assertThat(text(answer)).isEqualTo(text(answer("/", Map.of())));
    assertThat(answer.headers()).containsEntry("Cache-Control", "no-cache");
  }

  @Test
  void thePageTakesScriptsAndStylesFromHereOnlyAndNothingInline() {
    var answer = answer("/", Map.of());

    assertThat(answer.headers().get("Content-Security-Policy"))
        .contains("default-src 'none'", "script-src 'self'", "style-src 'self'")
        .contains("frame-ancestors 'none'", "require-trusted-types-for 'script'")
        .doesNotContain("unsafe");
    assertThat(text(answer))
        .doesNotContainPattern("<script(?! (type=\"module\" )?src=)|<style| on\\w+=");
  }

  @Test
  void everythingThatThePageAndItsModulesAskForIsThere() {
    var seen = new HashSet<String>();
    var files = FILE.matcher(text(answer("/", Map.of())));
    while (files.find()) {
      require(files.group(1), seen);
    }

    assertThat(seen).anyMatch(path -> path.endsWith("/vendor/preact.js"));
  }

  private void require(String path, Set<String> seen) {
    if (!seen.add(path)) {
      return;
    }
    var answer = answer(path, Map.of());
    assertThat(answer.status()).as(path).isEqualTo(200);
    assertThat(answer.headers().get("Cache-Control")).as(path).contains("immutable");
    if (!path.endsWith(".js")) {
      return;
    }
    var imports = IMPORT.matcher(text(answer));
    while (imports.find()) {
      assertThat(imports.group(1)).as("an import of " + path).startsWith(".");
      require(URI.create(path).resolve(imports.group(1)).getPath(), seen);
    }
  }

  @Test
  void whoHasAFileIsNotSentItAgain() {
    var path = file("app.js");
    var tag = answer(path, Map.of()).headers().get("ETag");

    assertThat(answer(path, Map.of("if-none-match", tag)).status()).isEqualTo(304);
    assertThat(answer(path, Map.of("if-none-match", "\"other\"")).status()).isEqualTo(200);
  }

  @Test
  void whoTakesGzipGetsTheSameCompressed() throws IOException {
    var path = file("app.js");
    var plain = answer(path, Map.of());
    var small = answer(path, Map.of("accept-encoding", "br, gzip"));

    assertThat(small.headers()).containsEntry("Content-Encoding", "gzip");
    assertThat(small.headers().get("ETag")).isNotEqualTo(plain.headers().get("ETag"));
    try (var in = new GZIPInputStream(new ByteArrayInputStream(small.bytes()))) {
      assertThat(in.readAllBytes()).isEqualTo(plain.bytes());
    }
    assertThat(answer(path, Map.of("accept-encoding", "gzip;q=0")).headers())
        .doesNotContainKey("Content-Encoding");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/assets/other/app.js",
        "/assets/{version}/none.js",
        "/assets/{version}/package-info.class",
        "/assets/{version}/..%2fapp.js"
      })
  void nothingElseOfTheClassPathIsServed(String path) {
    var asked = path.replace("{version}", file("app.js").split("/", -1)[2]);

    assertThatThrownBy(() -> answer(asked, Map.of()))
        .isInstanceOfSatisfying(
            ApiProblem.class, it -> assertThat(it.problem().status()).isEqualTo(404));
  }

  /// The address under which the page asks for a file.
  private String file(String name) {
    var found =
        Pattern.compile("\"(/assets/[^\"]*/" + name + ")\"").matcher(text(answer("/", Map.of())));
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  private Answer answer(String path, Map<String, String> headers) {
    var route =
        routes.routes().stream()
            .filter(it -> it.match(path).isPresent())
            .findFirst()
            .orElseThrow(() -> new AssertionError("no route for " + path));
    return route
        .handler()
        .answer(
            new Call(
                "GET",
                path,
                route.match(path).orElseThrow(),
                Map.<String, List<String>>of(),
                headers,
                () -> new byte[0],
                Caller.ANYBODY));
  }

  private static String text(Answer answer) {
    return new String(answer.bytes(), UTF_8);
  }
}
