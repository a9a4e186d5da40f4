package dev.fanfare.dispatcher.api.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// RFC 7396: what a patch names is replaced, what it gives as `null` is taken away, objects are
/// merged, arrays are not.
public final class MergePatch {
  private MergePatch() {}

  /// Changes neither. Both are bounded in depth, as everything that [Json] reads.
  public static JsonNode apply(JsonNode target, JsonNode patch) {
    if (!(patch instanceof ObjectNode changes)) {
      return patch;
    }
    var merged = target instanceof ObjectNode object ? object.deepCopy() : Json.object();
    for (var change : changes.properties()) {
      if (change.getValue().isNull()) {
        merged.remove(change.getKey());
      } else {
        var before = merged.path(change.getKey());
        merged.set(change.getKey(), apply(before, change.getValue()));
      }
    }
    return merged;
  }
}
