package dev.fanfare.dispatcher.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions;
import dev.fanfare.schemas.avro.Authentication;
import dev.fanfare.schemas.serde.TrustedClasses;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthenticationRecordsTest {
  static {
    TrustedClasses.trustOurs(); // a record is copied before anything else of Avro is used
  }

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

  @ParameterizedTest
  @CsvSource({
    "https://a.example/other?x=1, true",
    "https://A.example/in, true",
    "https://thief.example/in, false",
    "https://a.example.thief.example/in, false",
    "https://a.example:8443/in, false",
    "http://a.example/in, false"
  })
  void storedCredentialsStayWithTheirServer(String url, boolean stays) {
    var before =
        StoredSubscriptions.good("sub_1")
            .setUrl("https://a.example/in")
            .setAuthentication(record(WITH_SECRET))
            .build();

    assertThat(AuthenticationRecords.movedUnasked(before, to(url, Optional.of(WITHOUT))).isEmpty())
        .isEqualTo(stays);
    assertThat(AuthenticationRecords.movedUnasked(before, to(url, Optional.of(WITH_SECRET))))
        .as("given again")
        .isEmpty();
    assertThat(AuthenticationRecords.movedUnasked(before, to(url, Optional.empty())))
        .as("taken away")
        .isEmpty();
  }

  private static SubscriptionSpec to(String url, Optional<AuthenticationSpec> authentication) {
    return new SubscriptionSpec(
        "acme",
        url,
        List.of("*"),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        authentication,
        "hmac",
        "standard",
        Optional.empty(),
        List.of(),
        Optional.empty(),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        "none");
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
