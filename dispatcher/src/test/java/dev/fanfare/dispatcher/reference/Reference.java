package dev.fanfare.dispatcher.reference;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// One page of `docs/generated`. `make docs` writes it (`-Dfanfare.docs=write`); every other run of
/// the tests compares.
record Reference(String page) {
  void holds(String text) throws IOException {
    var file = Path.of("..", "docs", "generated", page); // tests run in their module
    if ("write".equals(System.getProperty("fanfare.docs"))) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    }
    var written = Files.exists(file) ? Files.readString(file, UTF_8) : "";
    assertThat(written)
        .as("docs/generated/%s is what the code says; `make docs` writes it anew", page)
        .isEqualTo(text);
  }

  /// Text as it may stand in a cell of a table.
  static String cell(String text) {
    return text.replace("|", "\\|").replace("\n", " ");
  }
}
