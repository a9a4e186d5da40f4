package dev.fanfare.dispatcher.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A piece of a configuration file with the place where it stands.
sealed interface Entry {
  /// File and line, e.g. `fanfare.yaml:12`.
  String where();

  /// @param text as written, without quotes
  record Scalar(String text, String where) implements Entry {}

  /// A key without a value.
  record Nothing(String where) implements Entry {}

  record Listing(List<Entry> items, String where) implements Entry {}

  record Mapping(Map<String, Entry> entries, String where) implements Entry {
    /// This with what stands above laid over it, key by key; a list or value replaces the whole.
    Mapping under(Mapping above) {
      var merged = new LinkedHashMap<>(entries);
      above.entries.forEach((key, entry) ->
          merged.merge(
              key,
              entry,
              (below, over) ->
                  below instanceof Mapping lower && over instanceof Mapping upper
                      ? lower.under(upper)
                      : over));
      return new Mapping(merged, above.where);
    }
  }
}
