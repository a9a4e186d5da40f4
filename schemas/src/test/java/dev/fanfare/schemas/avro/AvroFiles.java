package dev.fanfare.schemas.avro;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.avro.SchemaParser;

/// The schemas as they stand in the source tree: today's and, by release, the released ones.
final class AvroFiles {
  private static final Path CURRENT = Path.of("src/main/avro");
  private static final Path RELEASED = Path.of("src/main/avro-released");

  private AvroFiles() {}

  /// Full name to schema, of every named type.
  static Map<String, Schema> current() {
    return in(CURRENT);
  }

  static Map<String, Schema> released(String version) {
    return in(RELEASED.resolve(version));
  }

  static List<String> releases() {
    try (var entries = Files.list(RELEASED)) {
      return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Map<String, Schema> in(Path directory) {
    var parser = new SchemaParser();
    try (var files = Files.list(directory)) {
      for (var file : files.sorted().toList()) {
        parser.parse(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return parser.getParsedNamedSchemas().stream()
        .collect(Collectors.toMap(Schema::getFullName, Function.identity()));
  }
}
