package dev.fanfare.dispatcher.cli;

import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// Where the configuration comes from.
final class ConfigOptions {
  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = {
        "Configuration, a YAML file with the keys that differ from the defaults.",
        "Default: the variable FANFARE_CONFIG, or none. Variables FANFARE_... win over it."
      })
  private Optional<Path> file = Optional.empty();

  /// @throws dev.fanfare.dispatcher.config.InvalidConfig with everything that is wrong
  FanfareConfig load() {
    var environment = System.getenv();
    var path =
        file.or(() ->
            Optional.ofNullable(environment.get("FANFARE_CONFIG"))
                .filter(name -> !name.isBlank())
                .map(Path::of));
    return FanfareConfig.load(path.map(ConfigFile::at).orElseGet(ConfigFile::empty), environment);
  }
}
