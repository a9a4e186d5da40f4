package dev.fanfare.dispatcher.egress.signature;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class StandardWebhooksTest {
  // The vectors of Standard Webhooks 1.0.0's own libraries.
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final Instant AT = Instant.ofEpochSecond(1614265330);
  private static final String BODY = "{\"test\": 2432232314}";
  private static final String HMAC = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String HMAC_SIGNATURE = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final String PAIR =
      "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg==";
  private static final String PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
  private static final String PAIR_SIGNATURE =
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

  @Test
  void signsTheHmacVector() {
    assertThat(sign(HMAC)).isEqualTo(HMAC_SIGNATURE);
  }

  @Test
  void signsTheEd25519Vector() {
    assertThat(sign(PAIR)).isEqualTo(PAIR_SIGNATURE);
  }

  @Test
  void theEd25519VectorsPublicKeyBelongsToIt() {
    assertThat(((Ed25519Secret) Secret.parse(PAIR)).publicKey().text()).isEqualTo(PUBLIC);
  }

  @Test
  void signsWithEachLiveSecretInOrder() {
    assertThat(sign(HMAC, PAIR)).isEqualTo(HMAC_SIGNATURE + " " + PAIR_SIGNATURE);
  }

  @ParameterizedTest
  @ValueSource(strings = {HMAC, PAIR, PUBLIC})
  void verifiesTheVectorsByAnyKeyThatFits(String key) {
    assertThat(verify(List.of(Verifier.parse(key)), HMAC_SIGNATURE + " " + PAIR_SIGNATURE))
        .isEqualTo(Verification.VALID);
  }

  @Test
  void findsTheOneThatFitsAmongOthers() {
    var keys = List.<Verifier>of(hmac(1), hmac(2), Secret.parse(HMAC));
    var signatures = "v2,what-is-this v1,AAAA " + sign(hmac(7)) + " " + HMAC_SIGNATURE;

    assertThat(verify(keys, signatures)).isEqualTo(Verification.VALID);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE",
        "v1,",
        "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "V1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1a,not base64",
        "v1a,AAAA"
      })
  void aSignatureThatIsNotTheOneDoesNotMatch(String signature) {
    assertThat(verify(List.of(Verifier.parse(HMAC), Verifier.parse(PUBLIC)), signature))
        .isEqualTo(Verification.NO_MATCH);
  }

  @Test
  void anotherBodyIdOrTimeDoesNotMatch() {
    var keys = List.of(Verifier.parse(HMAC));

    assertThat(verify(keys, ID, "1614265330", HMAC_SIGNATURE, BODY + " ", AT))
        .isEqualTo(Verification.NO_MATCH);
    assertThat(verify(keys, ID + "x", "1614265330", HMAC_SIGNATURE, BODY, AT))
        .isEqualTo(Verification.NO_MATCH);
    assertThat(verify(keys, ID, "1614265331", HMAC_SIGNATURE, BODY, AT))
        .isEqualTo(Verification.NO_MATCH);
    assertThat(verify(keys, ID, "01614265330", HMAC_SIGNATURE, BODY, AT))
        .isEqualTo(Verification.NO_MATCH);
  }

  @ParameterizedTest
  @CsvSource({
    "-301, TOO_NEW",
    "-300, VALID",
    "0, VALID",
    "300, VALID",
    "301, TOO_OLD",
    "90000, TOO_OLD"
  })
  void toleratesFiveMinutesBothWays(long secondsLater, Verification expected) {
    assertThat(
            verify(
                List.of(Verifier.parse(HMAC)),
                ID,
                "1614265330",
                HMAC_SIGNATURE,
                BODY,
                AT.plusSeconds(secondsLater)))
        .isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "now", "-1", "+1", "1.5", "1614265330 ", "9999999999999", "١٢٣"})
  void whatIsNoTimestampIsMalformed(String timestamp) {
    assertThat(verify(List.of(Verifier.parse(HMAC)), ID, timestamp, HMAC_SIGNATURE, BODY, AT))
        .isEqualTo(Verification.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a b", "a\nb", "ä"})
  void whatIsNoIdIsMalformedAndNeverSigned(String id) {
    assertThat(verify(List.of(Verifier.parse(HMAC)), id, "1614265330", HMAC_SIGNATURE, BODY, AT))
        .isEqualTo(Verification.MALFORMED);
    assertThatThrownBy(() -> StandardWebhooks.sign(keys(Secret.parse(HMAC)), id, AT, bytes(BODY)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void noSignatureOrHundredsAreMalformed() {
    var keys = List.of(Verifier.parse(HMAC));

    assertThat(verify(keys, "")).isEqualTo(Verification.MALFORMED);
    assertThat(verify(keys, " ")).isEqualTo(Verification.MALFORMED);
    assertThat(verify(keys, "v1,x ".repeat(500) + HMAC_SIGNATURE))
        .isEqualTo(Verification.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void agreesWithHmacWrittenOutFromItsDefinition(long seed) throws Exception {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < 50; i++) {
      var key = new byte[random.nextInt(24, 65)];
      random.nextBytes(key);
      var body = new byte[random.nextInt(0, 5000)];
      random.nextBytes(body);

      var signed =
          StandardWebhooks.sign(keys(new HmacSecret(key)), "evt_1", AT, ByteBuffer.wrap(body));

      var expected = hmacByDefinition(key, concat("evt_1.1614265330.".getBytes(UTF_8), body));
      assertThat(signed).isEqualTo("v1," + Base64.getEncoder().encodeToString(expected));
    }
  }

  @Test
  void signsFromPositionToLimitOfAnyBufferAndMovesNothing() {
    var direct = ByteBuffer.allocateDirect(100);
    direct.put(10, BODY.getBytes(UTF_8)).position(10).limit(10 + BODY.length());

    for (var body : List.of(bytes(BODY), direct, direct.asReadOnlyBuffer(), direct.slice())) {
      var position = body.position();
      for (var secret : List.of(HMAC, PAIR)) {
        var signed = StandardWebhooks.sign(keys(Secret.parse(secret)), ID, AT, body);
        assertThat(signed).isEqualTo(secret.equals(HMAC) ? HMAC_SIGNATURE : PAIR_SIGNATURE);
      }
      assertThat(body.position()).isEqualTo(position);
    }
  }

  @Test
  void oneSecretSignsOnManyThreads() throws Exception {
    var keys = keys(Secret.parse(HMAC));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var signed = new ArrayList<Future<String>>();
      for (int i = 0; i < 500; i++) {
        signed.add(threads.submit(() -> StandardWebhooks.sign(keys, ID, AT, bytes(BODY))));
      }
      for (var each : signed) {
        assertThat(each.get()).isEqualTo(HMAC_SIGNATURE);
      }
    }
  }

  private static String sign(String... secrets) {
    return sign(Arrays.stream(secrets).map(Secret::parse).toArray(Secret[]::new));
  }

  private static String sign(Secret... secrets) {
    return StandardWebhooks.sign(keys(secrets), ID, AT, bytes(BODY));
  }

  private static Verification verify(List<? extends Verifier> keys, String signatures) {
    return verify(keys, ID, "1614265330", signatures, BODY, AT);
  }

  private static Verification verify(
      List<? extends Verifier> keys,
      String id,
      String timestamp,
      String signatures,
      String body,
      Instant now) {
    return StandardWebhooks.verify(
        keys, id, timestamp, signatures, bytes(body), now, Duration.ofMinutes(5));
  }

  private static SigningKeys keys(Secret... secrets) {
    return new SigningKeys(List.of(secrets));
  }

  private static HmacSecret hmac(int fill) {
    var key = new byte[24];
    Arrays.fill(key, (byte) fill);
    return HmacSecret.generate(key);
  }

  private static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(UTF_8));
  }

  /// RFC 2104: H(K xor opad, H(K xor ipad, text)).
  private static byte[] hmacByDefinition(byte[] key, byte[] text) throws Exception {
    var inner = Arrays.copyOf(key, 64);
    var outer = Arrays.copyOf(key, 64);
    for (int i = 0; i < 64; i++) {
      inner[i] ^= 0x36;
      outer[i] ^= 0x5c;
    }
    var sha = MessageDigest.getInstance("SHA-256");
    return sha.digest(concat(outer, sha.digest(concat(inner, text))));
  }

  private static byte[] concat(byte[] first, byte[] second) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(first);
    out.writeBytes(second);
    return out.toByteArray();
  }
}
