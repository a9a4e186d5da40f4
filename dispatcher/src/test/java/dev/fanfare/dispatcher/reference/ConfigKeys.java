package dev.fanfare.dispatcher.reference;

import static java.util.Objects.requireNonNullElse;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// The keys of a commented YAML file with what stands beside them, read as people read it: a
/// comment belongs to the key below it, and a key without one to the comment of the key above.
final class ConfigKeys {
  private static final Pattern KEY = Pattern.compile("( *)([\\w.-]+):(?: +(.*))?");
  private static final Pattern COMMENT = Pattern.compile(" *#(?: (.*))?");

  /// @param path full name, with dots
  /// @param group whether it has keys of its own below it
  /// @param value default as written; empty for none
  /// @param says its comment
  /// @param above the key whose comment is its too; empty where it has its own
  record Key(String path, boolean group, String value, String says, String above) {
    /// Keys at the top stand for themselves, all others for the section that they are in.
    String section() {
      int dot = path.indexOf('.');
      return dot < 0 ? (group ? path : "") : path.substring(0, dot);
    }

    String variable() {
      var name = "FANFARE_" + path.toUpperCase(Locale.ROOT).replace('.', '_');
      return value.equals("{}") ? name + "_…" : name;
    }
  }

  private record Open(int indent, String path) {}

  private ConfigKeys() {}

  static List<Key> in(String yaml) {
    var lines = yaml.lines().toList();
    var keys = new ArrayList<Key>();
    Deque<Open> open = new ArrayDeque<>();
    var comment = new ArrayList<String>();
    var commented = "";
    for (int at = 0; at < lines.size(); at++) {
      var line = lines.get(at);
      var words = COMMENT.matcher(line);
      if (words.matches()) {
        comment.add(requireNonNullElse(words.group(1), ""));
        continue;
      }
      var key = KEY.matcher(line);
      if (line.isBlank()) {
        comment.clear(); // a comment on its own is about the file
        commented = "";
        continue;
      }
      if (!key.matches()) {
        throw new IllegalArgumentException("line " + (at + 1) + " is beyond this reader: " + line);
      }
      int indent = key.end(1) - key.start(1);
      while (!open.isEmpty() && open.element().indent() >= indent) {
        open.remove();
        commented = comment.isEmpty() && keys.getLast().group() ? "" : commented;
      }
      var path = (open.isEmpty() ? "" : open.element().path() + ".") + key.group(2);
      var value = requireNonNullElse(key.group(3), "").strip();
      boolean group = value.isEmpty() && hasKeysBelow(lines, at, indent);
      var says = String.join(" ", comment).strip();
      keys.add(new Key(path, group, value, says, says.isEmpty() ? commented : ""));
      if (!says.isEmpty() || group) {
        commented = says.isEmpty() ? "" : path;
      }
      if (group) {
        open.push(new Open(indent, path));
      }
      comment.clear();
    }
    return keys;
  }

  private static boolean hasKeysBelow(List<String> lines, int at, int indent) {
    return lines.stream()
        .skip(at + 1L)
        .filter(line -> !line.isBlank() && !line.stripLeading().startsWith("#"))
        .findFirst()
        .filter(line -> line.length() - line.stripLeading().length() > indent)
        .isPresent();
  }
}
