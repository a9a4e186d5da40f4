package dev.fanfare.sandbox.console;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.Page;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Properties;

/// axe-core: what of a page's accessibility a program can judge.
final class Axe {
  private static final String SCRIPT = script();

  private Axe() {}

  /// What violates WCAG 2.2 AA or good practice, with the first places of each; empty for a page
  /// that is fine.
  @SuppressWarnings("unchecked")
  static List<String> violations(Page page) {
    page.evaluate(SCRIPT);
    return (List<String>)
        page.evaluate(
            """
            async () => {
              const result = await axe.run(document, {rules: {'target-size': {enabled: true}}});
              return result.violations.map(it =>
                `${it.id} (${it.impact}): ${it.help}; ` +
                it.nodes.slice(0, 3).map(node => `${node.target} ${node.failureSummary}`).join(' | '));
            }
            """);
  }

  private static String script() {
    try {
      var version = new Properties();
      try (var in =
          Axe.class.getResourceAsStream(
              "/META-INF/maven/org.webjars.npm/axe-core/pom.properties")) {
        version.load(in);
      }
      var path =
          "/META-INF/resources/webjars/axe-core/" + version.getProperty("version") + "/axe.min.js";
      try (var in = Axe.class.getResourceAsStream(path)) {
        return new String(in.readAllBytes(), UTF_8);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
