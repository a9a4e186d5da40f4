package dev.fanfare.bench.scenario;

import dev.fanfare.bench.result.Report;
import dev.fanfare.bench.rig.Rig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Map;
import java.util.UUID;

/// A scenario that needs the whole machine: sets the rig up and leaves nothing behind, also when it
/// is interrupted.
abstract class RigScenario extends Scenario {
  /// Sets up what it needs on the rig and measures.
  abstract Report measure(Rig rig) throws IOException;

  @Override
  final Report measure() throws IOException {
    var directory =
        options()
            .directory()
            .toAbsolutePath()
            .resolve(UUID.randomUUID().toString().substring(0, 8));
    progress("starting broker and registry");
    var rig = Rig.start(directory);
    var cleaning = new Thread(() -> cleanUp(rig, directory), "clean-up");
    Runtime.getRuntime().addShutdownHook(cleaning);
    try {
      return measure(rig);
    } finally {
      cleanUp(rig, directory);
      try {
        Runtime.getRuntime().removeShutdownHook(cleaning);
      } catch (IllegalStateException e) {
        progress("interrupted"); // the hook runs already
      }
    }
  }

  private synchronized void cleanUp(Rig rig, Path directory) {
    rig.close();
    if (options().keep() || !Files.exists(directory)) {
      return;
    }
    try (var all = Files.walk(directory)) {
      for (var path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException | UncheckedIOException e) {
      progress("not all of " + directory + " could be deleted: " + e);
    }
  }

  @Override
  final Map<String, Object> settings() {
    var all = super.settings();
    all.put("payload_bytes", options().payload());
    all.put("endpoints", options().endpoints());
    all.put("partitions", options().partitions());
    all.put("dispatcher_jvm", String.join(" ", options().jvm()));
    all.put("broker_jvm", String.join(" ", Rig.BROKER_FLAGS));
    return all;
  }
}
