package dev.fanfare.dispatcher.sealing;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.nio.file.attribute.PosixFilePermission.OWNER_READ;
import static java.nio.file.attribute.PosixFilePermission.OWNER_WRITE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class SealTest {
  private static final ByteBuffer SECRET = UTF_8.encode("a secret of some length");
  private static final Place HERE = Place.of("subscription", "acme", "sub_1", "secrets", "hmac");
  private static final Keyset KEYSET = Keyset.create();

  @TempDir private Path directory;

  @Test
  void opensWhatItSealed() {
    var seal = Seal.of(KEYSET);
    var sealed = seal.seal(SECRET, HERE).orElseThrow();

    assertThat(opened(seal.open(sealed, HERE))).isEqualTo(SECRET);
    assertThat(sealed.keyId()).isEqualTo(KEYSET.sealing().id());
    assertThat(UTF_8.decode(sealed.bytes().duplicate()).toString()).doesNotContain("secret");
    assertThat(seal.seal(SECRET, HERE).orElseThrow().bytes()).isNotEqualTo(sealed.bytes());
    assertThat(seal.isCurrent(sealed.keyId())).isTrue();
    assertThat(seal.isCurrent(null)).isFalse();
  }

  static Stream<Place> elsewhere() {
    return Stream.of(
        Place.of("subscription", "other", "sub_1", "secrets", "hmac"),
        Place.of("subscription", "acme", "sub_2", "secrets", "hmac"),
        Place.of("subscription", "acme", "sub_1", "secrets", "ed25519"),
        Place.of("subscription", "acme", "sub_1", "secretshmac"),
        Place.of("subscription", "acmesub_1", "", "secrets", "hmac"),
        Place.of("subscription", "acme", "sub_1", "secrets", "hmac", ""),
        Place.of());
  }

  @ParameterizedTest
  @MethodSource("elsewhere")
  void opensNothingElsewhere(Place place) {
    var seal = Seal.of(KEYSET);

    assertThat(refusal(seal.open(seal.seal(SECRET, HERE).orElseThrow(), place)))
        .startsWith("does not open with key " + KEYSET.sealing().id());
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, 5, 16, 17, -1})
  void opensNothingThatWasChanged(int at) {
    var seal = Seal.of(KEYSET);
    var sealed = seal.seal(SECRET, HERE).orElseThrow();
    sealed.bytes().array()[at < 0 ? sealed.bytes().capacity() + at : at] ^= 1;

    assertThat(refusal(seal.open(sealed, HERE))).startsWith("does not open with key ");
    assertThat(refusal(seal.open(new Sealed(sealed.keyId(), ByteBuffer.allocate(0)), HERE)))
        .startsWith("does not open with key ");
  }

  @Test
  void anotherKeysetIsNamedAsTheReason() {
    var sealed = Seal.of(KEYSET).seal(SECRET, HERE).orElseThrow();
    var keyId = KEYSET.sealing().id();

    assertThat(refusal(Seal.of(Keyset.create()).open(sealed, HERE)))
        .isEqualTo(
            "is sealed with key "
                + keyId
                + ", which the keyset of this process does not have (secrets.keyset_file)");
    assertThat(refusal(Seal.NONE.open(sealed, HERE)))
        .isEqualTo(
            "is sealed with key "
                + keyId
                + ", which is not here: no keyset is configured (secrets.keyset_file)");
  }

  @Test
  void oldKeysGoOnOpening() {
    var old = KEYSET.sealing().id();
    var sealed = Seal.of(KEYSET).seal(SECRET, HERE).orElseThrow();
    var more = KEYSET.withNewKey();
    var fresh = more.keys().getLast().id();

    assertThat(more.sealing().id()).isEqualTo(old);
    assertThat(Seal.of(more).isCurrent(old)).isTrue();

    var promoted = more.sealingWith(fresh);
    var seal = Seal.of(promoted);

    assertThat(promoted.sealing().id()).isEqualTo(fresh);
    assertThat(opened(seal.open(sealed, HERE))).isEqualTo(SECRET);
    assertThat(seal.isCurrent(old)).isFalse();
    assertThat(seal.seal(SECRET, HERE).orElseThrow().keyId()).isEqualTo(fresh);

    var left = promoted.without(old);

    assertThat(left.keys()).containsExactly(new Keyset.Key(fresh, true, true));
    assertThat(refusal(Seal.of(left).open(sealed, HERE))).contains("does not have");
    assertThatThrownBy(() -> left.without(fresh)).hasMessageContaining("is the one that seals");
    assertThatThrownBy(() -> left.without(old)).hasMessage("there is no key " + old);
    assertThatThrownBy(() -> left.sealingWith(old)).hasMessage("there is no key " + old);
  }

  @Test
  void opensWithoutSealing() {
    var sealed = Seal.of(KEYSET).seal(SECRET, HERE).orElseThrow();
    var seal = Seal.openingOnly(KEYSET);

    assertThat(opened(seal.open(sealed, HERE))).isEqualTo(SECRET);
    assertThat(seal.seal(SECRET, HERE)).isEmpty();
    assertThat(seal.isCurrent(null)).isTrue();
    assertThat(seal.isCurrent(sealed.keyId())).isFalse();
  }

  @Test
  void aKeysetIsATextAndAFileOfItsOwnersOnly() throws IOException {
    var file = directory.resolve("keyset.json");
    KeysetFile.create(file, KEYSET);

    assertThat(Keyset.parse(Files.readString(file)).keys()).isEqualTo(KEYSET.keys());
    assertThat(Files.getPosixFilePermissions(file))
        .containsExactlyInAnyOrder(OWNER_READ, OWNER_WRITE);
    assertThatThrownBy(() -> KeysetFile.create(file, Keyset.create()))
        .isInstanceOf(FileAlreadyExistsException.class);
    KeysetFile.replace(file, KEYSET.withNewKey());
    assertThat(Keyset.parse(Files.readString(file)).keys()).hasSize(2);
    try (var left = Files.list(directory)) {
      assertThat(left).containsExactly(file);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "null",
        "[1,2]",
        "s3cret",
        "{\"primaryKeyId\":1,\"key\":[{\"keyData\":{\"typeUrl\":\"x\",\"value\":\"s3cret\"}}]}"
      })
  void whatIsNoKeysetIsRefusedAndNotRepeated(String text) {
    assertThatThrownBy(() -> Keyset.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("is no keyset")
        .message()
        .doesNotContain("s3cret");
  }

  @Test
  void settingsSayWhereTheKeysetIsAndWhatIsMissing() throws IOException {
    var file = directory.resolve("keyset.json");
    KeysetFile.create(file, KEYSET);
    var sealed = Seal.of(KEYSET).seal(SECRET, HERE).orElseThrow();
    var mode = SealingSettings.Mode.KEYSET;
    var nothing = new SealingSettings(mode, Optional.empty(), Optional.empty());
    var byFile = new SealingSettings(mode, Optional.of(file), Optional.empty());
    var byValue = new SealingSettings(mode, Optional.empty(), Optional.of(KEYSET.reveal()));
    var missing =
        new SealingSettings(mode, Optional.of(directory.resolve("none")), Optional.empty());
    var bad = new SealingSettings(mode, Optional.empty(), Optional.of("s3cret"));
    var none = new SealingSettings(SealingSettings.Mode.NONE, Optional.empty(), Optional.empty());

    assertThat(opened(Seal.of(byFile).open(sealed, HERE))).isEqualTo(SECRET);
    assertThat(opened(Seal.of(byValue).open(sealed, HERE))).isEqualTo(SECRET);
    assertThat(Seal.of(none).seal(SECRET, HERE)).isEmpty();
    assertThat(none.unsafeBecause()).isEmpty();
    assertThat(nothing.unsafeBecause())
        .hasValueSatisfying(it ->
            assertThat(it)
                .contains("secrets.keyset_file", "fanfare keyset create", "sealing: none"));
    assertThatThrownBy(() -> Seal.of(missing)).hasMessageContaining("secrets.keyset_file", "none");
    assertThatThrownBy(() -> Seal.of(bad))
        .message()
        .startsWith("secrets.keyset is no keyset")
        .doesNotContain("s3cret");
    assertThat(byValue.toString() + KEYSET).doesNotContain("keyData").doesNotContain("value");
    assertThatThrownBy(
            () -> new SealingSettings(mode, Optional.of(file), Optional.of(KEYSET.reveal())))
        .hasMessageContaining("both given");
  }

  private static ByteBuffer opened(Opening opening) {
    return ((Opening.Opened) opening).secret();
  }

  private static String refusal(Opening opening) {
    return ((Opening.Refused) opening).why();
  }
}
