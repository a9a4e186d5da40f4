package dev.fanfare.dispatcher.api.history;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Cursor;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.dispatcher.log.entry.Position;
import dev.fanfare.dispatcher.log.query.LogQueries;
import dev.fanfare.dispatcher.log.query.Page;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// How answers say what they lack.
final class Lists {
  private static final int RETRY_AFTER = 2;

  private Lists() {}

  /// @throws ApiProblem 503 while the log has not begun
  static LogQueries queries(LogRole log) {
    return log.queries()
        .orElseThrow(
            () -> new ApiProblem(Problem.unavailable("the delivery log is starting", RETRY_AFTER)));
  }

  static Answer page(Page page) {
    var json = Json.object();
    var items = json.putArray("items");
    page.items().forEach(item -> items.add(DeliveryJson.item(item)));
    json.put("next_cursor", page.next().map(Position::text).map(Cursor::after).orElse(null));
    return Answer.json(200, lacking(json, page.missing()));
  }

  static <T> Answer all(List<T> all, Function<T, JsonNode> written, Set<Integer> missing) {
    var json = Json.object();
    var items = json.putArray("items");
    all.forEach(item -> items.add(written.apply(item)));
    json.putNull("next_cursor");
    return Answer.json(200, lacking(json, missing));
  }

  static ObjectNode lacking(ObjectNode json, Set<Integer> missing) {
    if (!missing.isEmpty()) {
      json.put("complete", false);
      var partitions = json.putArray("missing_partitions");
      missing.stream().sorted().forEach(partitions::add);
    }
    return json;
  }
}
