package dev.fanfare.dispatcher.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// What the API answered: JSON as it is for programs, tables for people.
final class Output {
  private Output() {}

  /// A line a field; what is empty is left out.
  static void print(PrintWriter out, ClientOptions client, JsonNode json) {
    if (client.json()) {
      out.println(json);
    } else {
      var rows = new ArrayList<List<String>>();
      for (var field : json.properties()) {
        var value = field.getValue();
        if (!value.isNull() && !(value.isContainerNode() && value.isEmpty())) {
          rows.add(List.of(field.getKey(), shown(value)));
        }
      }
      out.print(Text.table(rows));
    }
    out.flush();
  }

  /// A line an item, with these fields.
  static void print(
      PrintWriter out, ClientOptions client, Collection<JsonNode> items, List<String> fields) {
    if (client.json()) {
      out.println(ApiClient.JSON.createArrayNode().addAll(items));
    } else {
      var rows = new ArrayList<List<String>>();
      rows.add(fields.stream().map(it -> it.replace('_', ' ').toUpperCase(Locale.ROOT)).toList());
      for (var item : items) {
        rows.add(fields.stream().map(it -> shown(item.path(it))).toList());
      }
      out.print(Text.table(rows));
    }
    out.flush();
  }

  /// Whether somebody sees at once what is printed, so that it may move.
  @SuppressWarnings("SystemConsoleNull") // since JDK 25 there is none again for a pipe or a file
  static boolean isTerminal() {
    var console = System.console();
    return console != null && console.isTerminal();
  }

  /// A line for people; programs have the exit code.
  static void say(PrintWriter out, ClientOptions client, String line) {
    if (!client.json()) {
      out.println(Text.printable(line));
      out.flush();
    }
  }

  private static String shown(JsonNode value) {
    if (value.isNull() || value.isMissingNode()) {
      return "-";
    }
    return value.isArray() ? joined(value) : value.isValueNode() ? value.asText() : "" + value;
  }

  private static String joined(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false)
        .map(JsonNode::asText)
        .collect(Collectors.joining(","));
  }
}
