package dev.fanfare.dispatcher.egress.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretTest {
  private static final RandomGenerator RANDOM =
      RandomGeneratorFactory.of("L64X128MixRandom").create(42);

  @ParameterizedTest
  @ValueSource(ints = {24, 25, 32, 63, 64})
  void anHmacSecretHas24To64BytesAndReadsBackFromTextAndRecord(int length) {
    var secret = HmacSecret.generate(random(length));

    assertThat(secret.reveal()).startsWith("whsec_");
    assertThat(Secret.parse(secret.reveal())).isEqualTo(secret);
    assertThat(Secret.of(secret.kind(), secret.material()))
        .isEqualTo(secret)
        .hasSameHashCodeAs(secret);
    assertThat(secret.material().remaining()).isEqualTo(length);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 23, 65, 128})
  void anotherLengthIsRefused(int length) {
    assertThatThrownBy(() -> HmacSecret.generate(random(length)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("24 to 64");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void aKeyPairMadeOfASeedSignsWhatItsPublicHalfVerifies(long seed) {
    var random = new byte[32];
    RandomGeneratorFactory.of("L64X128MixRandom").create(seed).nextBytes(random);
    var secret = Ed25519Secret.generate(random);
    var body = ByteBuffer.wrap("body".getBytes(UTF_8));
    var head = "head".getBytes(UTF_8);

    var signature = secret.sign(head, body);

    var told = Verifier.parse(secret.publicKey().text());
    assertThat(told).isEqualTo(secret.publicKey());
    assertThat(told.verifies(signature, head, body)).isTrue();
    assertThat(told.verifies(signature, "tail".getBytes(UTF_8), body)).isFalse();
    assertThat(Secret.parse(secret.reveal())).isEqualTo(secret);
    assertThat(Secret.of(secret.kind(), secret.material())).isEqualTo(secret);
    assertThat(secret.material().slice(0, 32)).isEqualTo(ByteBuffer.wrap(random));
  }

  /// RFC 8032 §7.1, tests 1 and 2.
  @Test
  void derivesThePublicKeysOfTheRfc() {
    assertThat(publicOf("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60"))
        .isEqualTo("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
    assertThat(publicOf("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"))
        .isEqualTo("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
  }

  @Test
  void halvesThatDoNotBelongTogetherAreRefused() {
    var pair = Ed25519Secret.generate(random(32)).material();
    var mixed = pair.put(32, Ed25519Secret.generate(random(32)).publicKey().encoded());

    assertThatThrownBy(
            () -> Secret.parse("whsk_" + Base64.getEncoder().encodeToString(KeyText.bytes(mixed))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("belong");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_",
        "whsec_MfKQ9r8GKYqrTwjU",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa!!",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw ",
        "whsk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
      })
  void whatIsNoSecretIsRefusedWithoutBeingRepeated(String text) {
    assertThatThrownBy(() -> Secret.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("MfKQ")
        .hasNoCause();
  }

  @Test
  void aTextWithoutEndIsRefused() {
    assertThatThrownBy(() -> Secret.parse("whsec_" + "A".repeat(100_000)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void neverShowsInText() {
    var hmac = HmacSecret.generate(random(32));
    var pair = Ed25519Secret.generate(random(32));
    var keys = new SigningKeys(List.of(hmac, pair));

    for (var secret : keys.secrets()) {
      var text = secret.reveal().substring(secret.reveal().indexOf('_') + 1);
      assertThat(keys.toString() + secret).doesNotContain(text.substring(0, 10));
    }
  }

  @Test
  void whatIsHandedOutOrInCanNotChangeIt() {
    var random = random(32);
    var secret = HmacSecret.generate(random);
    var before = secret.reveal();

    random[0]++;
    secret.material().put(0, (byte) 77).put(1, (byte) 78);

    assertThat(secret.reveal()).isEqualTo(before);
    assertThat(secret.sign(new byte[0], ByteBuffer.allocate(0)))
        .isEqualTo(Secret.parse(before).sign(new byte[0], ByteBuffer.allocate(0)));
  }

  @Test
  void aSubscriptionSignsWithOneToTenSecrets() {
    var secret = HmacSecret.generate(random(32));

    assertThat(new SigningKeys(Collections.nCopies(10, secret)).secrets()).hasSize(10);
    assertThatThrownBy(() -> new SigningKeys(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new SigningKeys(Collections.nCopies(11, secret)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void anUnknownKindIsRefused() {
    assertThatThrownBy(() -> Secret.of("rsa", ByteBuffer.allocate(32)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String publicOf(String seed) {
    var hex = HexFormat.of();
    return hex.formatHex(Ed25519Secret.generate(hex.parseHex(seed)).publicKey().encoded());
  }

  private static byte[] random(int length) {
    var bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }
}
