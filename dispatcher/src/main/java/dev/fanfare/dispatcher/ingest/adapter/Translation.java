package dev.fanfare.dispatcher.ingest.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// What a request of a provider comes to.
public final class Translation {
  private static final int LONGEST_KIND = 64;
  private static final int MOST_KINDS = 100;

  private final List<ObjectNode> events = new ArrayList<>();
  private final Map<String, Integer> skipped = new TreeMap<>();

  /// As `POST /v1/events` takes them, without their tenant; in the order of the reports.
  public List<JsonNode> events() {
    return List.copyOf(events);
  }

  /// Kinds of reports that no event is made of, and how many there were of each.
  public Map<String, Integer> skipped() {
    return Map.copyOf(skipped);
  }

  void add(Draft event) {
    events.add(event.json());
  }

  /// @param kind as the provider says it
  void skip(String kind) {
    var shown = kind.replaceAll("[^A-Za-z0-9._ -]", "?");
    var bounded = shown.substring(0, Math.min(shown.length(), LONGEST_KIND));
    var name = bounded.isBlank() ? "(none)" : bounded;
    if (skipped.containsKey(name) || skipped.size() < MOST_KINDS) {
      skipped.merge(name, 1, Integer::sum);
    } else {
      skipped.merge("(others)", 1, Integer::sum);
    }
  }
}
