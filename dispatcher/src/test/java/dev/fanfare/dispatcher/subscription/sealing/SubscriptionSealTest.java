package dev.fanfare.dispatcher.subscription.sealing;

import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.NOW;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.good;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.egress.signature.Ed25519Secret;
import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.sealing.Keyset;
import dev.fanfare.dispatcher.sealing.Seal;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionProblem;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReading;
import dev.fanfare.schemas.avro.Authentication;
import dev.fanfare.schemas.avro.SigningSecret;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.serde.TrustedClasses;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class SubscriptionSealTest {
  static {
    TrustedClasses.trustOurs(); // a record is copied before anything else of Avro is used
  }

  private static final Keyset KEYSET = Keyset.create();

  private final SubscriptionSeal seal = new SubscriptionSeal(Seal.of(KEYSET));

  private static Subscription readable() {
    return good("sub_1")
        .setUrl("https://hooks.example/in")
        .setSigning("both")
        .setSecrets(
            List.of(
                secret(HmacSecret.generate("hmac-hmac-hmac-hmac-hmac-hmac-hm".getBytes(UTF_8))),
                secret(Ed25519Secret.generate("pair-pair-pair-pair-pair-pair-pa".getBytes(UTF_8)))))
        .setAuthentication(
            Authentication.newBuilder()
                .setType("basic")
                .setUsername("ann")
                .setSecret(ByteBuffer.wrap("the-password".getBytes(UTF_8)))
                .build())
        .build();
  }

  private static SigningSecret secret(Secret secret) {
    return SigningSecret.newBuilder()
        .setKind(secret.kind())
        .setMaterial(secret.material())
        .setCreatedAt(NOW)
        .build();
  }

  @Test
  void whatIsWrittenShowsNoSecretAndReadsAsItWas() throws Exception {
    var readable = readable();
    var sealed = seal.sealed(readable);

    var bytes = new String(Subscription.getEncoder().encode(sealed).array(), ISO_8859_1);
    assertThat(bytes)
        .contains("hooks.example", "ann")
        .doesNotContain("hmac-hmac")
        .doesNotContain("pair-pair")
        .doesNotContain("the-password");
    assertThat(readable).as("the one to go on with").isEqualTo(readable());
    assertThat(seal.isCurrent(sealed)).isTrue();
    assertThat(seal.isCurrent(readable)).isFalse();

    assertThat(seal.open(sealed)).isEmpty();
    assertThat(sealed).isEqualTo(readable);
  }

  @Test
  void whatWasWrittenReadableBeforeIsRead() {
    var readable = readable();

    assertThat(seal.open(readable)).isEmpty();
    assertThat(readable).isEqualTo(readable());
  }

  @Test
  void whatCantBeOpenedStaysAndIsToldByKey() {
    var sealed = seal.sealed(readable());
    var before = Subscription.newBuilder(sealed).build();
    var other = new SubscriptionSeal(Seal.of(Keyset.create()));
    var keyId = KEYSET.sealing().id();

    var problems = other.open(sealed);

    assertThat(problems)
        .extracting(SubscriptionProblem::pointer)
        .containsExactly("/secrets/0", "/secrets/1", "/authentication");
    assertThat(problems)
        .allSatisfy(it -> assertThat(it.detail()).startsWith("is sealed with key " + keyId));
    assertThat(sealed).isEqualTo(before);
    assertThat(other.sealed(sealed)).as("not sealed twice").isEqualTo(before);
    assertThat(new SubscriptionReader(false).read(sealed, NOW))
        .isInstanceOf(SubscriptionReading.Refused.class);
  }

  /// What somebody who can write to Kafka, and has no key, might change.
  enum Move {
    TO_ANOTHER_TENANT(it -> it.setTenant("other")),
    TO_ANOTHER_SUBSCRIPTION(it -> it.setId("sub_2")),
    TO_ANOTHER_SERVER(it -> it.setUrl("https://evil.example/in")),
    TO_ANOTHER_PORT(it -> it.setUrl("https://hooks.example:8443/in")),
    TO_A_TOKEN_SERVER(it -> authentication(it, given -> given.setTokenUrl("https://evil.example"))),
    TO_ANOTHER_USE(it -> authentication(it, given -> given.setType("oauth2")));

    @SuppressWarnings("ImmutableEnumChecker") // a change keeps nothing
    private final UnaryOperator<Subscription.Builder> change;

    Move(UnaryOperator<Subscription.Builder> change) {
      this.change = change;
    }

    private static Subscription.Builder authentication(
        Subscription.Builder of, UnaryOperator<Authentication.Builder> change) {
      return of.setAuthentication(
          change.apply(Authentication.newBuilder(of.getAuthentication())).build());
    }
  }

  @ParameterizedTest
  @EnumSource
  void credentialsThatWereMovedStaySealed(Move move) {
    var moved = move.change.apply(Subscription.newBuilder(seal.sealed(readable()))).build();

    assertThat(seal.open(moved))
        .anySatisfy(it -> {
          assertThat(it.pointer()).isEqualTo("/authentication");
          assertThat(it.detail()).startsWith("does not open with key " + KEYSET.sealing().id());
        });
  }

  @Test
  void signingSecretsThatWereMovedStaySealed() {
    var moved = Subscription.newBuilder(seal.sealed(readable())).setId("sub_2").build();
    var swapped = seal.sealed(readable());
    swapped.getSecrets().get(0).put(0, "ed25519");

    assertThat(seal.open(moved)).extracting(SubscriptionProblem::pointer).contains("/secrets/0");
    assertThat(seal.open(swapped)).extracting(SubscriptionProblem::pointer).contains("/secrets/0");
  }

  @Test
  void anotherPathOnTheSameServerIsTheSamePlace() {
    var elsewhere =
        Subscription.newBuilder(seal.sealed(readable()))
            .setUrl("https://HOOKS.example/other?x=1")
            .build();

    assertThat(seal.open(elsewhere)).isEmpty();
  }

  @Test
  void withoutAKeysetNothingIsSealed() {
    assertThat(SubscriptionSeal.NONE.sealed(readable())).isEqualTo(readable());
    assertThat(SubscriptionSeal.NONE.isCurrent(readable())).isTrue();
  }
}
