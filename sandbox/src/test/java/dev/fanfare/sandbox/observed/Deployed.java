package dev.fanfare.sandbox.observed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/// What `deploy/` holds for Prometheus and Grafana, read as they read it.
final class Deployed {
  static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  static final Path PROMETHEUS = ROOT.resolve("deploy/prometheus");
  static final Path RULES = PROMETHEUS.resolve("fanfare.rules.yml");
  static final Path RULE_TESTS = PROMETHEUS.resolve("fanfare.test.yml");
  static final Path DASHBOARDS = ROOT.resolve("deploy/grafana/dashboards");
  static final Path RUNBOOKS = ROOT.resolve("docs/runbooks");

  /// What Grafana puts in, and what it puts in here.
  private static final Map<String, String> VARIABLES =
      Map.of("$__rate_interval", "15s", "$instance", ".*");

  private static final Pattern LABEL_VALUES = Pattern.compile("label_values\\((.+), *\\w+\\)");
  private static final Pattern OUR_METRIC = Pattern.compile("\\bfanfare_[a-z0-9_]+");

  private Deployed() {}

  /// @param where it stands, for people
  record Expression(String where, String text) {}

  /// @param expression as it stands in the rule
  record Alert(String name, String expression, String severity, String runbook) {}

  static List<Alert> alerts() throws IOException {
    var alerts = new ArrayList<Alert>();
    for (var group : maps(yaml(RULES).get("groups"))) {
      for (var rule : maps(group.get("rules"))) {
        var labels = map(rule.get("labels"));
        var annotations = map(rule.get("annotations"));
        alerts.add(
            new Alert(
                text(rule.get("alert")),
                text(rule.get("expr")),
                text(labels.get("severity")),
                text(annotations.get("runbook_url"))));
      }
    }
    return alerts;
  }

  /// Each dashboard, by the name of its file.
  static Map<String, JsonNode> dashboards() throws IOException {
    var dashboards = new TreeMap<String, JsonNode>();
    try (var files = Files.list(DASHBOARDS)) {
      for (var file : files.filter(it -> it.toString().endsWith(".json")).toList()) {
        dashboards.put(file.getFileName().toString(), new ObjectMapper().readTree(file.toFile()));
      }
    }
    return dashboards;
  }

  /// Every expression of the dashboards: of panels, annotations and variables.
  static List<Expression> shown() throws IOException {
    var all = new ArrayList<Expression>();
    dashboards()
        .forEach((file, dashboard) -> {
          for (var panel : dashboard.path("panels")) {
            for (var target : panel.path("targets")) {
              add(all, file + ", " + panel.path("title").asText(), target.path("expr").asText());
            }
          }
          for (var annotation : dashboard.path("annotations").path("list")) {
            add(all, file + ", an annotation", annotation.path("expr").asText());
          }
          for (var variable : dashboard.path("templating").path("list")) {
            var query = LABEL_VALUES.matcher(variable.path("query").path("query").asText());
            if (query.matches()) {
              add(all, file + ", a variable", query.group(1));
            }
          }
        });
    return all;
  }

  private static void add(List<Expression> all, String where, String text) {
    var filled = text;
    for (var variable : VARIABLES.entrySet()) {
      filled = filled.replace(variable.getKey(), variable.getValue());
    }
    all.add(new Expression(where, filled));
  }

  /// What each alert looks at: its expression without the comparison that decides, since an alert
  /// that does not fire has no data. What is absent in an alert must be there here.
  static List<Expression> lookedAt() throws IOException {
    var all = new ArrayList<Expression>();
    for (var alert : alerts()) {
      for (var part : alert.expression().split("\\s+or\\s+(?!vector)", -1)) {
        all.add(new Expression(alert.name(), Comparison.leftOf(part.strip())));
      }
    }
    return all;
  }

  /// The names of our own metrics in these texts.
  static SortedSet<String> metricsIn(Iterable<String> texts) {
    var names = new TreeSet<String>();
    texts.forEach(
        text -> OUR_METRIC.matcher(text).results().forEach(found -> names.add(found.group())));
    return names;
  }

  private static Map<?, ?> yaml(Path file) throws IOException {
    return map(new Load(LoadSettings.builder().build()).loadFromString(Files.readString(file)));
  }

  private static Map<?, ?> map(@Nullable Object node) {
    if (node instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalStateException("no map: " + node);
  }

  private static List<Map<?, ?>> maps(@Nullable Object node) {
    if (node instanceof List<?> list) {
      var maps = new ArrayList<Map<?, ?>>();
      list.forEach(each -> maps.add(map(each)));
      return maps;
    }
    throw new IllegalStateException("no list: " + node);
  }

  private static String text(@Nullable Object node) {
    return String.valueOf(node);
  }
}
