package dev.fanfare.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Cursor;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.control.Page;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Lists page by page: `limit` and `cursor` in, `items` and `next_cursor` out.
final class Lists {
  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 200;

  private Lists() {}

  /// @throws ApiProblem 400 if it is no number from 1 to 200
  static int limit(Call call) {
    return call.parameter("limit").map(Lists::limit).orElse(USUAL_PAGE);
  }

  private static int limit(String text) {
    if (text.matches("\\d{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LARGEST_PAGE) {
        return limit;
      }
    }
    throw new ApiProblem(
        Problem.malformed("limit must be a whole number from 1 to " + LARGEST_PAGE));
  }

  /// What the page before ended with; null for the first.
  static @Nullable String after(Call call) {
    return call.parameter("cursor").map(Cursor::read).orElse(null);
  }

  static <T> Answer answer(Page<T> page, Function<T, JsonNode> written) {
    var json = Json.object();
    var items = json.putArray("items");
    page.items().forEach(item -> items.add(written.apply(item)));
    json.put("next_cursor", page.next().map(Cursor::after).orElse(null));
    return Answer.json(200, json);
  }
}
