package dev.fanfare.dispatcher.reference;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `metrics.md` says what the metric enums say: enums whose name ends in `Metric`, each of whose
/// constants has a `meter` and a `help`.
class MetricsReferenceTest {
  private static final Pattern ENUM = Pattern.compile("\\benum (\\w*Metric) \\{");
  private static final Pattern NAME = Pattern.compile("\"(fanfare\\.[a-z0-9.]+)\"");

  private record Meter(String name, String help) {
    /// As it stands on `/metrics`, without what the kind of meter adds.
    String exposed() {
      return name.replace('.', '_');
    }
  }

  @Test
  void isWhatTheEnumsSay() throws IOException {
    var page =
        new StringBuilder(
            """
            # Metrics

            Written by `make docs` from the metric enums. On `/metrics` a counter's name ends in `_total`, a
            timer's in `_seconds_count`, `_seconds_sum`, `_seconds_max` and `_seconds_bucket`, and a gauge of time
            or bytes in its unit. Those of the JVM and the process, as Micrometer names them, stand beside them.

            | metric | what it tells | where |
            |---|---|---|
            """);
    meters()
        .forEach((home, meters) ->
            meters.forEach(meter ->
                page.append(
                    "| `%s` | %s | `%s` |\n"
                        .formatted(meter.exposed(), Reference.cell(meter.help()), home))));
    new Reference("metrics.md").holds(page.toString());
  }

  /// A meter whose name is written down anywhere else is one that the reference does not know.
  @Test
  void noMeterIsNamedOutsideAnEnum() throws IOException {
    var known = new TreeSet<String>();
    meters().values().forEach(meters -> meters.forEach(meter -> known.add(meter.name())));
    var named = new TreeSet<String>();
    for (var source : sources()) {
      if (source.text().contains("import io.micrometer")) {
        NAME.matcher(source.text()).results().forEach(found -> named.add(found.group(1)));
      }
    }

    assertThat(known)
        .hasSizeGreaterThan(20)
        .allMatch(name -> NAME.matcher('"' + name + '"').matches());
    assertThat(known).as("meters in the metric enums").containsAll(named);
  }

  /// By package, in the order of the enums.
  private static SortedMap<String, List<Meter>> meters() throws IOException {
    var meters = new TreeMap<String, List<Meter>>();
    for (var source : sources()) {
      for (var found : ENUM.matcher(source.text()).results().toList()) {
        var home = source.type().substring("dev.fanfare.".length(), source.type().lastIndexOf('.'));
        var name = found.group(1);
        var nested = source.type().endsWith("." + name) ? "" : "$" + name;
        meters
            .computeIfAbsent(home, _ -> new ArrayList<>())
            .addAll(metersOf(source.type() + nested));
      }
    }
    return meters;
  }

  /// @param type full name of the class that the file is called after
  private record Source(String type, String text) {}

  private static List<Source> sources() throws IOException {
    var sources = new ArrayList<Source>();
    for (var module : List.of("retry-topology", "dispatcher")) {
      var root = Path.of("..", module, "src", "main", "java");
      try (var files = Files.walk(root)) {
        for (var file : files.filter(it -> it.toString().endsWith(".java")).sorted().toList()) {
          var name = root.relativize(file).toString().replace(File.separatorChar, '.');
          sources.add(
              new Source(
                  name.substring(0, name.length() - ".java".length()), Files.readString(file)));
        }
      }
    }
    return sources;
  }

  private static List<Meter> metersOf(String type) {
    try {
      var meters = new ArrayList<Meter>();
      for (var constant : requireNonNull(Class.forName(type).getEnumConstants())) {
        meters.add(new Meter(said(constant, "meter"), said(constant, "help")));
      }
      return meters;
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("no " + type, e);
    }
  }

  private static String said(Object constant, String field) {
    try {
      var found = constant.getClass().getDeclaredField(field);
      found.setAccessible(true); // the enums are their packages' own
      return (String) found.get(constant);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(constant.getClass() + " has no " + field, e);
    }
  }
}
