package dev.fanfare.sandbox.observed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.util.HashSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Alerts, their pages, their tests and the dashboards belong together.
class RunbooksTest {
  private static final Pattern DOCUMENTED = Pattern.compile("(?m)^\\| `(fanfare_[a-z0-9_]+)` \\|");
  private static final String KIND = "(_total|_seconds|_bytes|_ms)?(_bucket|_count|_sum|_max)?";

  @Test
  void eachAlertHasAPageAndEachPageAnAlert() throws IOException {
    var alerts = Deployed.alerts();
    var pages = new TreeSet<String>();
    try (var files = Files.list(Deployed.RUNBOOKS)) {
      files.map(it -> it.getFileName().toString()).forEach(pages::add);
    }
    assertThat(pages.remove("README.md")).isTrue();

    assertThat(pages)
        .hasSizeGreaterThan(20)
        .isEqualTo(alerts.stream().map(it -> it.name() + ".md").collect(Collectors.toSet()));
    assertThat(alerts)
        .allMatch(it -> it.runbook().equals("docs/runbooks/" + it.name() + ".md"))
        .allMatch(it -> it.severity().matches("critical|warning|info"));
  }

  @Test
  void aPageShowsItsRuleAndSaysWhatToDo() throws IOException {
    var list = Files.readString(Deployed.RUNBOOKS.resolve("README.md"));
    for (var alert : Deployed.alerts()) {
      var page = Files.readString(Deployed.RUNBOOKS.resolve(alert.name() + ".md"));

      assertThat(page)
          .startsWith("# " + alert.name() + "\n")
          .containsSubsequence("## What it means", "## What to look at", "## What to do")
          .contains("Severity: " + alert.severity());
      assertThat(words(page)).contains(words(alert.expression()));
      assertThat(list).contains("| [%1$s](%1$s.md) | ".formatted(alert.name()));
    }
  }

  private static String words(String text) {
    return text.replaceAll("\\s+", " ").strip();
  }

  @Test
  void eachAlertIsTriedFiringAndQuiet() throws IOException {
    var tests = Files.readString(Deployed.RULE_TESTS);

    for (var alert : Deployed.alerts()) {
      assertThat(tests)
          .contains("- name: " + alert.name() + " fires\n")
          .contains("- name: " + alert.name() + " stays quiet\n");
    }
  }

  @Test
  void whatIsMeasuredIsShownAndWhatIsShownIsMeasured() throws IOException {
    var page = Files.readString(Deployed.ROOT.resolve("docs/generated/metrics.md"));
    var documented =
        DOCUMENTED.matcher(page).results().map(it -> it.group(1)).collect(Collectors.toSet());
    var texts = new HashSet<String>();
    Deployed.shown().forEach(it -> texts.add(it.text()));
    var shown = Deployed.metricsIn(texts);
    Deployed.alerts().forEach(it -> texts.add(it.expression()));
    var used = Deployed.metricsIn(texts);

    assertThat(used)
        .as("metrics in dashboards and rules")
        .allMatch(name -> documented.stream().anyMatch(it -> name.matches(it + KIND)));
    assertThat(documented)
        .as("metrics on the dashboards")
        .allMatch(it -> shown.stream().anyMatch(name -> name.matches(it + KIND)));
  }

  @Test
  void dashboardsAreOneFamily() throws IOException {
    var ids = new HashSet<String>();
    for (var entry : Deployed.dashboards().entrySet()) {
      var dashboard = entry.getValue();
      assertThat(dashboard.path("uid").asText() + ".json").isEqualTo(entry.getKey());
      assertThat(ids.add(dashboard.path("title").asText())).isTrue();
      assertThat(dashboard.path("tags").toString()).contains("fanfare");
      for (var panel : dashboard.path("panels")) {
        var title = panel.path("title").asText();
        assertThat(title).isNotBlank();
        assertThat(ids.add(entry.getKey() + panel.path("id").asInt())).as(title).isTrue();
        for (var target : panel.path("targets")) {
          assertThat(target.path("expr").asText()).as(title).contains("instance=~\"$instance\"");
          assertThat(target.path("datasource").path("uid").asText()).isEqualTo("${datasource}");
        }
      }
    }
    assertThat(Deployed.dashboards())
        .containsOnlyKeys(
            "fanfare-overview.json",
            "fanfare-endpoints.json",
            "fanfare-retries.json",
            "fanfare-platform.json");
  }
}
