package dev.fanfare.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.dispatcher.egress.signature.Ed25519Secret;
import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import dev.fanfare.verifier.WebhookVerifier.Result;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WebhookVerifierTest {
  // The vectors of Standard Webhooks 1.0.0's own libraries.
  private static final String ID = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  private static final String TIMESTAMP = "1614265330";
  private static final Instant AT = Instant.ofEpochSecond(1614265330);
  private static final byte[] BODY = "{\"test\": 2432232314}".getBytes(UTF_8);
  private static final String SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final String V1 = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";
  private static final String PUBLIC = "whpk_1SiA4o9hyqTCpIqC5V9HUakiiaeACeqfZTInDBbOir4=";
  private static final String V1A =
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM+m7TBAg==";

  private static final String OTHER = HmacSecret.generate(filled(24, 7)).reveal();

  @ParameterizedTest
  @ValueSource(strings = {SECRET, PUBLIC})
  void takesTheVectorsByEitherKey(String key) {
    assertThat(check(at(AT, key), V1 + " " + V1A)).isEqualTo(Result.VALID);
  }

  @Test
  void takesASignatureByAnyOfItsKeysAmongAny() {
    var verifier = at(AT, OTHER, PUBLIC, SECRET);

    assertThat(check(verifier, "v2,what-is-this v1,AAAA " + V1)).isEqualTo(Result.VALID);
    assertThat(check(verifier, "v1,AAAA v1a,AAAA " + V1A)).isEqualTo(Result.VALID);
  }

  @Test
  void aKeyThatSignedNothingMatchesNothing() {
    assertThat(check(at(AT, OTHER), V1 + " " + V1A)).isEqualTo(Result.NO_MATCH);
    assertThat(check(at(AT, SECRET), V1A)).isEqualTo(Result.NO_MATCH);
    assertThat(check(at(AT, PUBLIC), V1)).isEqualTo(Result.NO_MATCH);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OF=",
        "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE",
        "v1,",
        "v1",
        "v1a,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "V1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
        "v1a,not-base64",
        "v1a,AAAA",
        "v1,gÄÄ"
      })
  void aSignatureThatIsNotTheOneDoesNotMatch(String signature) {
    assertThat(check(at(AT, SECRET, PUBLIC), signature)).isEqualTo(Result.NO_MATCH);
  }

  @Test
  void anotherBodyIdOrTimeDoesNotMatch() {
    var verifier = at(AT, SECRET);

    assertThat(verifier.check(ID, TIMESTAMP, V1, "{}".getBytes(UTF_8))).isEqualTo(Result.NO_MATCH);
    assertThat(verifier.check(ID + "x", TIMESTAMP, V1, BODY)).isEqualTo(Result.NO_MATCH);
    assertThat(verifier.check(ID, "1614265331", V1, BODY)).isEqualTo(Result.NO_MATCH);
    assertThat(verifier.check(ID, "01614265330", V1, BODY)).isEqualTo(Result.NO_MATCH);
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
  void toleratesFiveMinutesBothWays(long secondsLater, Result expected) {
    assertThat(check(at(AT.plusSeconds(secondsLater), SECRET), V1)).isEqualTo(expected);
  }

  @Test
  void toleratesWhatItIsTold() {
    var strict = at(AT.plusSeconds(11), SECRET).withTolerance(Duration.ofSeconds(10));
    var patient = at(AT.plusSeconds(90_000), SECRET).withTolerance(Duration.ofDays(2));

    assertThat(check(strict, V1)).isEqualTo(Result.TOO_OLD);
    assertThat(check(patient, V1)).isEqualTo(Result.VALID);
    assertThatThrownBy(() -> patient.withTolerance(Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", " ", "now", "-1", "+1", "1.5", "1614265330 ", "9999999999999", "١٢٣"})
  void whatIsNoTimestampIsMalformed(String timestamp) {
    assertThat(at(AT, SECRET).check(ID, timestamp, V1, BODY)).isEqualTo(Result.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a.b", "a b", "a\nb", "ä"})
  void whatIsNoIdIsMalformed(String id) {
    assertThat(at(AT, SECRET).check(id, TIMESTAMP, V1, BODY)).isEqualTo(Result.MALFORMED);
  }

  @Test
  void noSignatureOrHundredsAreMalformed() {
    assertThat(check(at(AT, SECRET), "")).isEqualTo(Result.MALFORMED);
    assertThat(check(at(AT, SECRET), " ")).isEqualTo(Result.MALFORMED);
    assertThat(check(at(AT, SECRET), "v1,x ".repeat(500) + V1)).isEqualTo(Result.MALFORMED);
  }

  @Test
  void findsItsHeadersInAnyCase() {
    var headers = new HashMap<String, List<String>>();
    headers.put(null, List.of("POST /hooks HTTP/1.1"));
    headers.put("Webhook-Id", List.of(ID));
    headers.put("WEBHOOK-TIMESTAMP", List.of(TIMESTAMP));
    headers.put("webhook-signature", List.of(V1));

    assertThat(at(AT, SECRET).check(headers, BODY)).isEqualTo(Result.VALID);
    assertThat(at(AT, SECRET).check(Map.of(), BODY)).isEqualTo(Result.MALFORMED);
    headers.put("webhook-signature", List.of());
    assertThat(at(AT, SECRET).check(headers, BODY)).isEqualTo(Result.MALFORMED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_",
        "whsec_c2hvcnQ=",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS!",
        "whpk_c2hvcnQ=",
        "whpk_/////////////////////////////////////////38=",
        "whsk_6Xb/dCcHpPea21PS1N9VY/NZW723CEc77N4rJCubMbfVKIDij2HKpMKkioLlX0dRqSKJp4AJ6p9lMicMFs6Kvg=="
      })
  void whatIsNoKeyIsRefusedAndNotRepeated(String key) {
    assertThatThrownBy(() -> WebhookVerifier.of(SECRET, key))
        .isInstanceOf(IllegalArgumentException.class)
        .satisfies(e -> {
          if (key.length() > 6) {
            assertThat(e).hasMessageNotContaining(key.substring(6)).hasNoCause();
          }
        });
  }

  @Test
  void withoutAKeyThereIsNoVerifier() {
    assertThatThrownBy(WebhookVerifier::of).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> WebhookVerifier.of(List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void doesNotShowItsKeys() {
    assertThat(at(AT, SECRET, PUBLIC)).hasToString("WebhookVerifier[2 keys]");
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void takesWhatFanfareSigns(long seed) {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int i = 0; i < 20; i++) {
      var shared = HmacSecret.generate(bytes(random, random.nextInt(24, 65)));
      var pair = Ed25519Secret.generate(bytes(random, 32));
      var body = bytes(random, random.nextInt(0, 3_000));
      var at = Instant.ofEpochSecond(random.nextLong(1, 4_000_000_000L));

      var signatures = sign(at, body, shared, pair);

      for (var key : List.of(shared.reveal(), pair.publicKey().text())) {
        var verifier = at(at, key);
        var time = Long.toString(at.getEpochSecond());
        assertThat(verifier.check("evt_1", time, signatures, body)).isEqualTo(Result.VALID);
        assertThat(verifier.check("evt_2", time, signatures, body)).isEqualTo(Result.NO_MATCH);
      }
    }
  }

  @Test
  void duringARotationAReceiverOfEitherSecretIsServed() {
    var old = HmacSecret.generate(filled(32, 1));
    var young = HmacSecret.generate(filled(32, 2));

    var signatures = sign(AT, BODY, young, old);

    for (var secret : List.of(old, young)) {
      assertThat(at(AT, secret.reveal()).check("evt_1", TIMESTAMP, signatures, BODY))
          .isEqualTo(Result.VALID);
    }
  }

  private static String sign(Instant at, byte[] body, Secret... secrets) {
    return StandardWebhooks.sign(
        new SigningKeys(List.of(secrets)), "evt_1", at, ByteBuffer.wrap(body));
  }

  private static Result check(WebhookVerifier verifier, String signatures) {
    return verifier.check(ID, TIMESTAMP, signatures, BODY);
  }

  private static WebhookVerifier at(Instant now, String... keys) {
    return WebhookVerifier.of(keys).withClock(InstantSource.fixed(now));
  }

  private static byte[] bytes(RandomGenerator random, int count) {
    var bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }

  private static byte[] filled(int length, int fill) {
    var bytes = new byte[length];
    Arrays.fill(bytes, (byte) fill);
    return bytes;
  }
}
