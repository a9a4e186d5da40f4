package dev.fanfare.dispatcher.config;

import dev.fanfare.dispatcher.sealing.Keyset;
import dev.fanfare.dispatcher.sealing.SealingSettings;
import dev.fanfare.dispatcher.sealing.SealingSettings.Mode;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/// Binds `secrets`.
final class SecretsSection {
  private SecretsSection() {}

  static Optional<SealingSettings> read(Section section) {
    var mode = section.choice("sealing", Map.of("keyset", Mode.KEYSET, "none", Mode.NONE));
    var file = section.optionalText("keyset_file", FanfareConfig::path).map(Path::of);
    var keyset = section.optionalText("keyset", SecretsSection::keyset);
    return section.build(() -> new SealingSettings(mode, file, keyset));
  }

  private static String keyset(String text) {
    var _ = Keyset.parse(text);
    return text;
  }
}
