package dev.fanfare.sandbox.reference;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `metrics.md` says what the metric enums say: enums whose name ends in `Metric`, each of whose
/// constants has a `meter()` and a `help()`.
class MetricsReferenceTest {
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
    for (var module : List.of("retry-topology", "dispatcher")) {
      try (var files = Files.walk(Path.of("..", module, "src", "main", "java"))) {
        for (var file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
          var source = Files.readString(file);
          if (source.contains("import io.micrometer")) {
            NAME.matcher(source).results().forEach(found -> named.add(found.group(1)));
          }
        }
      }
    }

    assertThat(known)
        .hasSizeGreaterThan(20)
        .allSatisfy(name -> assertThat(name).matches("fanfare\\.[a-z0-9.]+"));
    assertThat(known).as("meters in the metric enums").containsAll(named);
  }

  /// By package, in the order of the enums.
  private static TreeMap<String, List<Meter>> meters() {
    var classes =
        new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.fanfare.dispatcher", "dev.fanfare.retry");
    var meters = new TreeMap<String, List<Meter>>();
    for (var type : classes.stream().sorted(comparing(JavaClass::getName)).toList()) {
      if (type.isEnum() && type.getSimpleName().endsWith("Metric")) {
        var home = type.getPackageName().substring("dev.fanfare.".length());
        meters.computeIfAbsent(home, _ -> new ArrayList<>()).addAll(metersOf(type));
      }
    }
    return meters;
  }

  private static List<Meter> metersOf(JavaClass type) {
    var meters = new ArrayList<Meter>();
    for (var constant : type.reflect().getEnumConstants()) {
      meters.add(new Meter(said(constant, "meter"), said(constant, "help")));
    }
    return meters;
  }

  private static String said(Object constant, String method) {
    try {
      var accessor = constant.getClass().getDeclaredMethod(method);
      accessor.setAccessible(true); // the enums are their packages' own
      return (String) accessor.invoke(constant);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(constant.getClass() + " has no " + method + "()", e);
    }
  }
}
