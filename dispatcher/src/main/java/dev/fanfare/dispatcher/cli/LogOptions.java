package dev.fanfare.dispatcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Function;
import picocli.CommandLine.Option;

/// What lists out of the log have in common: their filters, their pages, and that they say when
/// they are not complete.
final class LogOptions {
  private static final int PAGE = 200;

  @Option(names = "--subscription", description = "Only of this subscription.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Optional<String> subscription;

  @Option(names = "--tenant", description = "Only of this tenant.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Optional<String> tenant;

  @Option(names = "--type", description = "Only events of this type.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Optional<String> type;

  @Option(
      names = "--since",
      paramLabel = "TIME",
      description = "Not before, e.g. 2026-11-24T06:00:00Z.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Optional<String> since;

  @Option(names = "--until", paramLabel = "TIME", description = "Before.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Optional<String> until;

  @Option(
      names = "--limit",
      defaultValue = "50",
      description = "Show so many at most. Default: ${DEFAULT-VALUE}.")
  private int limit;

  /// Parameters of a path.
  static final class Query {
    private final StringBuilder text = new StringBuilder();

    Query and(String name, String value) {
      text.append('&').append(name).append('=').append(ApiClient.encoded(value));
      return this;
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }

  Query query() {
    var query = new Query();
    subscription.ifPresent(it -> query.and("subscription", it));
    tenant.ifPresent(it -> query.and("tenant", it));
    type.ifPresent(it -> query.and("type", it));
    since.ifPresent(it -> query.and("since", it));
    until.ifPresent(it -> query.and("until", it));
    return query;
  }

  int most() {
    return limit;
  }

  /// What was found.
  ///
  /// @param missing partitions that could not be asked
  record Found(List<JsonNode> items, List<Integer> missing) {
    void printJson(PrintWriter out) {
      var json = ApiClient.JSON.createObjectNode();
      json.putArray("items").addAll(items);
      if (!missing.isEmpty()) {
        json.put("complete", false);
        var array = json.putArray("missing_partitions");
        missing.forEach(array::add);
      }
      out.println(json);
      out.flush();
    }

    void printTable(PrintWriter out, List<String> head, Function<JsonNode, List<String>> row) {
      var rows = new ArrayList<List<String>>();
      rows.add(head);
      items.forEach(item -> rows.add(row.apply(item)));
      out.print(Text.table(rows));
      if (!missing.isEmpty()) {
        out.println(
            "This is not all: partitions %s of the log could not be asked.".formatted(missing));
      }
      out.flush();
    }
  }

  /// Page after page, until there are enough.
  static Found pages(ClientOptions client, String path, Query query, int most) {
    var items = new ArrayList<JsonNode>();
    var missing = new TreeSet<Integer>();
    try (var api = ApiClient.of(client)) {
      var cursor = "";
      do {
        int wanted = Math.min(PAGE, most - items.size());
        var page =
            api.get(
                path
                    + "?limit="
                    + wanted
                    + query
                    + (cursor.isEmpty() ? "" : "&cursor=" + ApiClient.encoded(cursor)));
        page.path("items").forEach(items::add);
        page.path("missing_partitions").forEach(it -> missing.add(it.asInt()));
        cursor = page.path("next_cursor").asText("");
      } while (!cursor.isEmpty() && !cursor.equals("null") && items.size() < most);
    }
    return new Found(items, List.copyOf(missing));
  }

  /// The last status or error, and why it ended.
  static String last(JsonNode item) {
    var last =
        item.path("last_status").isNumber()
            ? item.path("last_status").asText()
            : item.path("last_error").isTextual() ? item.path("last_error").asText() : "-";
    return item.path("reason").isTextual() ? last + " " + item.path("reason").asText() : last;
  }
}
