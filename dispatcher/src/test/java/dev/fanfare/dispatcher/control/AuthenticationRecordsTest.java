package dev.fanfare.dispatcher.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.schemas.avro.Authentication;
import java.nio.ByteBuffer;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthenticationRecordsTest {
  private static final AuthenticationSpec WITH_SECRET =
      oauth2("https://a.example/token", Optional.of("secret"));
  private static final AuthenticationSpec WITHOUT =
      oauth2("https://a.example/token", Optional.empty());

  @Test
  void theSecretGoesInAndDoesNotComeOut() {
    var record = record(WITH_SECRET);

    assertThat(UTF_8.decode(record.getSecret().duplicate()).toString()).isEqualTo("secret");
    assertThat(AuthenticationRecords.spec(record)).isEqualTo(WITHOUT);
    assertThat(WITH_SECRET.toString()).doesNotContain("secret");
  }

  @Test
  void aWishThatChangesNothingKeepsTheSecretAsItIsStored() {
    var sealed =
        Authentication.newBuilder(record(WITH_SECRET))
            .setKeyId("k1")
            .setSecret(ByteBuffer.wrap(new byte[] {1, 2, 3}))
            .build();

    assertThat(AuthenticationRecords.record(Optional.of(WITHOUT), sealed)).isSameAs(sealed);
  }

  @Test
  void aWishThatChangesAnythingNeedsTheSecretAgain() {
    var elsewhere = oauth2("https://thief.example/token", Optional.empty());

    var record =
        Objects.requireNonNull(
            AuthenticationRecords.record(Optional.of(elsewhere), record(WITH_SECRET)));

    assertThat(record.getSecret().hasRemaining()).as("which is then told as missing").isFalse();
  }

  @Test
  void aNewSecretReplacesTheOldAndNoWishIsNone() {
    var stored = record(WITH_SECRET);
    var wanted = oauth2("https://a.example/token", Optional.of("other"));

    var replaced =
        Objects.requireNonNull(AuthenticationRecords.record(Optional.of(wanted), stored));

    assertThat(UTF_8.decode(replaced.getSecret()).toString()).isEqualTo("other");
    assertThat(AuthenticationRecords.record(Optional.empty(), stored)).isNull();
  }

  private static Authentication record(AuthenticationSpec spec) {
    return Objects.requireNonNull(AuthenticationRecords.record(Optional.of(spec), null));
  }

  private static AuthenticationSpec oauth2(String url, Optional<String> secret) {
    return new AuthenticationSpec(
        "oauth2",
        secret,
        Optional.empty(),
        Optional.of(url),
        Optional.of("id"),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }
}
