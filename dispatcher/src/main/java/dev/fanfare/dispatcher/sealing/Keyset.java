package dev.fanfare.dispatcher.sealing;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeyStatus;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.RegistryConfiguration;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/// The keys that secrets are sealed with: one of them seals, all of them open. Immutable;
/// `toString` shows no key. As text it is a keyset of Google Tink in JSON, which Tink's own tools
/// read too.
///
/// ```
/// create → add (opens everywhere) → promote (seals) → secrets are sealed anew → remove the old one
/// ```
public final class Keyset {
  private static final int MOST_TEXT = 1 << 20;

  private final KeysetHandle handle;

  /// One key without what is secret of it.
  ///
  /// @param id decimal, as stored secrets name it
  /// @param seals whether it is the one that seals
  /// @param opens false for one that was disabled
  public record Key(String id, boolean seals, boolean opens) {}

  private Keyset(KeysetHandle handle) {
    this.handle = handle;
  }

  /// With one new key, AES-256-GCM.
  public static Keyset create() {
    return made(() -> KeysetHandle.newBuilder().addEntry(fresh().makePrimary()).build());
  }

  /// @throws IllegalArgumentException if it is no keyset that can seal; the message shows none of
  ///   it
  public static Keyset parse(String json) {
    register();
    if (json.length() > MOST_TEXT) {
      throw new IllegalArgumentException("is too long for a keyset");
    }
    try {
      var keyset =
          new Keyset(
              TinkJsonProtoKeysetFormat.parseKeyset(
                  json, RegistryConfiguration.get(), InsecureSecretKeyAccess.get()));
      var _ = keyset.aead();
      return keyset;
    } catch (GeneralSecurityException | RuntimeException e) {
      // What it says may repeat what it read.
      throw new IllegalArgumentException(
          "is no keyset for authenticated encryption in Tink's JSON (%s); `fanfare keyset create` makes one"
              .formatted(e.getClass().getSimpleName()));
    }
  }

  /// With one more key, which opens but does not seal yet: what it seals must be openable
  /// everywhere.
  public Keyset withNewKey() {
    return made(() -> KeysetHandle.newBuilder(handle).addEntry(fresh()).build());
  }

  /// With this key as the one that seals.
  ///
  /// @throws IllegalArgumentException if there is no such key that opens
  public Keyset sealingWith(String id) {
    int at = at(id, Key::opens);
    return made(() -> {
      var builder = KeysetHandle.newBuilder(handle);
      var _ = builder.getAt(at).makePrimary();
      return builder.build();
    });
  }

  /// Without a key: what it sealed can never be opened again.
  ///
  /// @throws IllegalArgumentException if there is no such key, or it is the one that seals
  public Keyset without(String id) {
    int at = at(id, _ -> true);
    if (keys().get(at).seals()) {
      throw new IllegalArgumentException(
          "key " + id + " is the one that seals; let another one do so first");
    }
    return made(() -> KeysetHandle.newBuilder(handle).deleteAt(at).build());
  }

  /// In the order in which they were added.
  public List<Key> keys() {
    return IntStream.range(0, handle.size())
        .mapToObj(handle::getAt)
        .map(it ->
            new Key(
                Integer.toUnsignedString(it.getId()),
                it.isPrimary(),
                it.getStatus() == KeyStatus.ENABLED))
        .toList();
  }

  /// The key that seals.
  public Key sealing() {
    return keys().stream().filter(Key::seals).findFirst().orElseThrow();
  }

  /// The whole of it, keys included: for whoever stores it.
  public String reveal() {
    try {
      return TinkJsonProtoKeysetFormat.serializeKeyset(
          handle, RegistryConfiguration.get(), InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a keyset that was read can't be written", e);
    }
  }

  Aead aead() throws GeneralSecurityException {
    return handle.getPrimitive(RegistryConfiguration.get(), Aead.class);
  }

  private int at(String id, Predicate<Key> fits) {
    var keys = keys();
    return IntStream.range(0, keys.size())
        .filter(i -> keys.get(i).id().equals(id) && fits.test(keys.get(i)))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("there is no key " + id));
  }

  private static KeysetHandle.Builder.Entry fresh() {
    return KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM)
        .withRandomId();
  }

  /// What Tink does.
  @FunctionalInterface
  private interface Making {
    KeysetHandle make() throws GeneralSecurityException;
  }

  private static Keyset made(Making making) {
    register();
    try {
      return new Keyset(making.make());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no keyset could be made", e);
    }
  }

  /// Tells Tink which kinds of keys there are; any number of times.
  private static void register() {
    try {
      AeadConfig.register();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Tink is unusable", e);
    }
  }

  @Override
  public String toString() {
    return "keyset of " + keys();
  }
}
