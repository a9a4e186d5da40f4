package dev.fanfare.dispatcher.control;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.schemas.avro.SigningSecret;
import dev.fanfare.schemas.serde.TrustedClasses;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SecretRotationTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  static {
    TrustedClasses.trustOurs();
  }

  @Test
  void theFreshComesFirstAndTheOldOneEnds() {
    var after =
        SecretRotation.after(
            List.of(secret("hmac", 1, null)), List.of(secret("hmac", 2, null)), DAY, NOW);

    assertThat(after).containsExactly(secret("hmac", 2, null), secret("hmac", 1, NOW.plus(DAY)));
  }

  @Test
  void whatWasReplacedBeforeEndsNoLater() {
    var soon = NOW.plusSeconds(60);
    var late = NOW.plus(Duration.ofDays(9));

    var after =
        SecretRotation.after(
            List.of(secret("hmac", 1, null), secret("hmac", 2, soon), secret("hmac", 3, late)),
            List.of(secret("hmac", 4, null)),
            DAY,
            NOW);

    assertThat(after)
        .extracting(SigningSecret::getExpiresAt)
        .containsExactly(null, NOW.plus(DAY), soon, NOW.plus(DAY));
  }

  @Test
  void whatHasEndedIsDroppedAndNoOverlapEndsAtOnce() {
    var after =
        SecretRotation.after(
            List.of(secret("hmac", 1, null), secret("ed25519", 2, NOW)),
            List.of(secret("hmac", 3, null)),
            Duration.ZERO,
            NOW);

    assertThat(after).containsExactly(secret("hmac", 3, null));
  }

  @Test
  void otherKindsStayAsTheyAre() {
    var after =
        SecretRotation.after(
            List.of(secret("ed25519", 1, null)), List.of(secret("hmac", 2, null)), DAY, NOW);

    assertThat(after).containsExactly(secret("hmac", 2, null), secret("ed25519", 1, null));
  }

  private static SigningSecret secret(String kind, int number, @Nullable Instant ends) {
    return SigningSecret.newBuilder()
        .setKind(kind)
        .setMaterial(ByteBuffer.wrap(new byte[] {(byte) number}))
        .setCreatedAt(NOW.minus(DAY))
        .setExpiresAt(ends)
        .build();
  }
}
