package dev.fanfare.sandbox.rules;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The classes of all modules, and where their sources are.
final class OurClasses {
  /// Everything that is shipped, tests left out.
  static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("dev.fanfare");

  /// Classes that break the rules on purpose, so that each rule is seen to fail.
  static final JavaClasses PLANTED =
      new ClassFileImporter().importPackages("dev.fanfare.sandbox.rules.planted");

  /// The modules whose code is ours; `confluent` holds foreign classes.
  static final List<String> MODULES =
      List.of("schemas", "retry-topology", "dispatcher", "verifier", "testkit", "sandbox", "bench");

  private OurClasses() {}

  static Path sources(String module) {
    var sources = Path.of("..", module, "src", "main", "java"); // tests run in their module
    if (!Files.isDirectory(sources)) {
      throw new IllegalStateException("no sources in " + sources.toAbsolutePath());
    }
    return sources;
  }
}
