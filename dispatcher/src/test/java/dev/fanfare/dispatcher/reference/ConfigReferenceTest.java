package dev.fanfare.dispatcher.reference;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.dispatcher.config.ConfigFile;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Test;

/// `config.md` says what `fanfare.default.yaml` says.
class ConfigReferenceTest {
  @Test
  void isWhatTheDefaultsSay() throws IOException {
    new Reference("config.md").holds(page(ConfigKeys.in(ConfigFile.defaultText())));
  }

  @Test
  void everyKeyIsExplained() {
    assertThat(ConfigKeys.in(ConfigFile.defaultText()))
        .hasSizeGreaterThan(60)
        .allSatisfy(key ->
            assertThat(key.group() || !(key.says() + key.above()).isEmpty())
                .as("%s has a comment in fanfare.default.yaml", key.path())
                .isTrue());
  }

  @Test
  void aCommentBelongsToTheKeysBelowIt() {
    var yaml =
        """
        # About the file.

        # Of one.
        one: [a, b]
        # Of two.
        two:
          # Of three,
          # and four.
          three: 3
          four:
          five.six: {}

          seven: 7
        """;

    assertThat(ConfigKeys.in(yaml))
        .containsExactly(
            new ConfigKeys.Key("one", false, "[a, b]", "Of one.", ""),
            new ConfigKeys.Key("two", true, "", "Of two.", ""),
            new ConfigKeys.Key("two.three", false, "3", "Of three, and four.", ""),
            new ConfigKeys.Key("two.four", false, "", "", "two.three"),
            new ConfigKeys.Key("two.five.six", false, "{}", "", "two.three"),
            new ConfigKeys.Key("two.seven", false, "7", "", ""));
    assertThatThrownBy(() -> ConfigKeys.in("one:\n  - a\n")).hasMessageContaining("line 2");
  }

  private static String page(List<ConfigKeys.Key> keys) {
    var page =
        new StringBuilder(
            """
            # Configuration

            Written by `make docs` from `fanfare.default.yaml`, which holds every key with its default. A file of
            your own needs only the keys that differ; a variable wins over it. Unknown keys and bad values are
            refused at start, all at once.
            """);
    keys.stream()
        .collect(groupingBy(ConfigKeys.Key::section, LinkedHashMap::new, toList()))
        .forEach((section, inside) -> page.append(section(section, inside)));
    return page.toString();
  }

  private static String section(String name, List<ConfigKeys.Key> keys) {
    var text =
        new StringBuilder("\n## ").append(name.isEmpty() ? "The process" : name).append('\n');
    for (var key : keys) {
      if (key.path().equals(name) && !key.says().isEmpty()) {
        text.append('\n').append(key.says()).append('\n');
      }
    }
    text.append("\n| key | default | variable | |\n|---|---|---|---|\n");
    keys.stream()
        .filter(key -> !key.path().equals(name))
        .map(key -> row(key))
        .forEach(text::append);
    return text.toString();
  }

  private static String row(ConfigKeys.Key key) {
    var says = key.above().isEmpty() ? key.says() : "see `" + key.above() + "`";
    return "| `%s` | %s | %s | %s |\n"
        .formatted(
            key.path(),
            key.value().isEmpty() ? "" : "`" + Reference.cell(key.value()) + "`",
            key.group() ? "" : "`" + key.variable() + "`",
            Reference.cell(says));
  }
}
