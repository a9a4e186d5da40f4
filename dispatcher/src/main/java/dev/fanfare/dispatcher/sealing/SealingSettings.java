package dev.fanfare.dispatcher.sealing;

import java.nio.file.Path;
import java.util.Optional;

/// Whether secrets are sealed, and where the keyset is.
///
/// @param mode what happens to secrets that are written
/// @param file with the keyset in it
/// @param keyset itself
public record SealingSettings(Mode mode, Optional<Path> file, Optional<String> keyset) {
  /// What happens to secrets that are written. Whatever the keyset can open is opened in any case.
  public enum Mode {
    KEYSET,
    NONE
  }

  /// @throws IllegalArgumentException if the keyset is given twice
  public SealingSettings {
    if (file.isPresent() && keyset.isPresent()) {
      throw new IllegalArgumentException("keyset and keyset_file are both given; one is enough");
    }
  }

  /// Why no process may start with these; empty if one may.
  public Optional<String> unsafeBecause() {
    return mode == Mode.NONE || file.isPresent() || keyset.isPresent()
        ? Optional.empty()
        : Optional.of(
            "secrets.keyset_file is not set, so secrets would lie readable in Kafka; make a keyset"
                + " with `fanfare keyset create FILE`, or accept that with secrets.sealing: none");
  }

  @Override
  public String toString() {
    return "sealing by " + mode;
  }
}
