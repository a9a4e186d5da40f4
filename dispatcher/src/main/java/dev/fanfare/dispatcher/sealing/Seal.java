package dev.fanfare.dispatcher.sealing;

import com.google.crypto.tink.Aead;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Seals secrets with the keyset of this process, and opens what was sealed with any of its keys.
/// Thread-safe.
public final class Seal {
  /// Neither seals nor opens.
  public static final Seal NONE = new Seal(null, Optional.empty(), Set.of());

  private final @Nullable Aead aead;

  /// The key that seals; empty when nothing is sealed.
  private final Optional<String> sealing;

  private final Set<String> opening;

  private Seal(@Nullable Aead aead, Optional<String> sealing, Set<String> opening) {
    this.aead = aead;
    this.sealing = sealing;
    this.opening = Set.copyOf(opening);
  }

  /// Seals and opens.
  public static Seal of(Keyset keyset) {
    return of(keyset, true);
  }

  /// Opens what was sealed, and seals nothing any more.
  public static Seal openingOnly(Keyset keyset) {
    return of(keyset, false);
  }

  private static Seal of(Keyset keyset, boolean seals) {
    try {
      return new Seal(
          keyset.aead(),
          seals ? Optional.of(keyset.sealing().id()) : Optional.empty(),
          keyset.keys().stream()
              .filter(Keyset.Key::opens)
              .map(Keyset.Key::id)
              .collect(Collectors.toUnmodifiableSet()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a keyset that was read can't be used", e);
    }
  }

  /// As it is configured.
  ///
  /// @throws IllegalArgumentException if the keyset can't be had; the message begins with the key
  ///   of the configuration
  public static Seal of(SealingSettings settings) {
    var keyset = settings.file().map(Seal::read).or(() -> settings.keyset().map(Seal::parse));
    return switch (settings.mode()) {
      case KEYSET ->
          of(
              keyset.orElseThrow(() ->
                  new IllegalArgumentException(settings.unsafeBecause().orElse("no keyset"))));
      case NONE -> keyset.map(Seal::openingOnly).orElse(NONE);
    };
  }

  private static Keyset read(Path file) {
    try {
      return Keyset.parse(Files.readString(file));
    } catch (IOException e) {
      throw new IllegalArgumentException(
          "secrets.keyset_file: %s can't be read (%s)"
              .formatted(file, e.getClass().getSimpleName()),
          e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "secrets.keyset_file: %s %s".formatted(file, e.getMessage()), e);
    }
  }

  private static Keyset parse(String text) {
    try {
      return Keyset.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("secrets.keyset " + e.getMessage(), e);
    }
  }

  /// Empty when nothing is sealed.
  public Optional<Sealed> seal(ByteBuffer secret, Place place) {
    return sealing.map(keyId -> {
      try {
        return new Sealed(keyId, ByteBuffer.wrap(aead().encrypt(bytes(secret), place.bytes())));
      } catch (GeneralSecurityException e) {
        throw new IllegalStateException("a secret can't be sealed", e); // it must not be written
      }
    });
  }

  public Opening open(Sealed sealed, Place place) {
    var keyId = sealed.keyId();
    if (!opening.contains(keyId)) {
      return new Opening.Refused(
          "is sealed with key %s, which %s (secrets.keyset_file)"
              .formatted(
                  keyId,
                  aead == null
                      ? "is not here: no keyset is configured"
                      : "the keyset of this process does not have"));
    }
    try {
      return new Opening.Opened(
          ByteBuffer.wrap(aead().decrypt(bytes(sealed.bytes()), place.bytes())));
    } catch (GeneralSecurityException e) {
      return new Opening.Refused(
          ("does not open with key %s: it has been changed, or was sealed for something else and"
                  + " moved here")
              .formatted(keyId));
    }
  }

  /// Whether a stored secret is as it would be written now.
  ///
  /// @param keyId null for one that is not sealed
  public boolean isCurrent(@Nullable String keyId) {
    return Optional.ofNullable(keyId).equals(sealing);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    var bytes = new byte[buffer.remaining()];
    buffer.duplicate().get(bytes);
    return bytes;
  }

  private Aead aead() {
    if (aead == null) {
      throw new IllegalStateException("there is no keyset");
    }
    return aead;
  }
}
