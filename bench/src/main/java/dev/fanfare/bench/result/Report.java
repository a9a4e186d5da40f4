package dev.fanfare.bench.result;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What a scenario found out.
///
/// @param settings what it was run with
/// @param variants the one that the scenario is about first: its figures stand at the top of the
///   JSON
/// @param columns figures that the table shows, by their paths, with a heading each
/// @param plot how it is drawn
public record Report(
    String scenario,
    Map<String, Object> machine,
    Map<String, Object> settings,
    List<Figures> variants,
    Map<String, String> columns,
    Plot plot) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);

  /// @throws IllegalArgumentException if there is nothing to report
  public Report {
    variants = List.copyOf(variants);
    if (variants.isEmpty()) {
      throw new IllegalArgumentException("a report has figures");
    }
  }

  public String json() throws IOException {
    var all = new LinkedHashMap<String, Object>();
    all.put("scenario", scenario);
    all.put("machine", machine);
    all.put("settings", settings);
    all.putAll(variants.getFirst().all());
    if (variants.size() > 1) {
      var each = new ArrayList<Map<String, Object>>();
      for (var figures : variants) {
        var one = new LinkedHashMap<String, Object>();
        one.put("variant", figures.variant());
        one.putAll(figures.all());
        each.add(one);
      }
      all.put("variants", each);
    }
    return JSON.writeValueAsString(all) + "\n";
  }

  /// For people.
  public String table() {
    var rows = new ArrayList<List<String>>();
    var shown =
        columns.keySet().stream()
            .filter(path -> variants.stream().anyMatch(it -> it.value(path).isPresent()))
            .toList();
    var head = new ArrayList<>(List.of(scenario));
    shown.forEach(path -> head.add(columns.get(path)));
    rows.add(head);
    for (var figures : variants) {
      var row = new ArrayList<>(List.of(figures.variant()));
      shown.forEach(path -> row.add(figures.value(path).map(Report::shown).orElse("-")));
      rows.add(row);
    }
    return Columns.aligned(rows);
  }

  private static String shown(double value) {
    return value == Math.rint(value) ? "%,d".formatted((long) value) : "%,.4g".formatted(value);
  }
}
