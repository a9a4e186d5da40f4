package dev.fanfare.sandbox.rules;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// `docs/walk.md` names types; a list that the code has left behind leads nobody anywhere.
class WalkTest {
  private static final Pattern TYPE = Pattern.compile("`((?:[a-z]+\\.)+[A-Z][A-Za-z]+)`");

  @Test
  void everyTypeOnTheWalkExists() throws IOException {
    var walk = Files.readString(Path.of("..", "docs", "walk.md"));
    var named = TYPE.matcher(walk).results().map(match -> match.group(1)).distinct().toList();

    assertThat(named).hasSizeGreaterThan(20);
    assertThat(named).allSatisfy(WalkTest::exists);
  }

  @Test
  void wouldNoticeOneThatDoesNot() {
    assertThat(List.of("dispatcher.fanout.Nowhere")).noneSatisfy(WalkTest::exists);
  }

  private static void exists(String type) {
    assertThat(Files.exists(source(type))).as(type).isTrue();
  }

  private static Path source(String type) {
    var module =
        type.startsWith("retry.") ? "retry-topology" : type.substring(0, type.indexOf('.'));
    var file = "dev/fanfare/" + type.replace('.', '/') + ".java";
    return Path.of("..", module, "src", "main", "java").resolve(file);
  }
}
