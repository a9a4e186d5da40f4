package dev.fanfare.dispatcher.subscription.reading;

import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.NOW;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.good;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.egress.credential.BasicCredential;
import dev.fanfare.dispatcher.egress.credential.ClientCertificate;
import dev.fanfare.dispatcher.egress.credential.ClientGrant;
import dev.fanfare.dispatcher.egress.credential.Credential;
import dev.fanfare.schemas.avro.Authentication;
import dev.fanfare.testkit.receiver.TestCertificate;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthenticationReaderTest {
  private final TestCertificate client = TestCertificate.forHost("client");

  @Test
  void readsUserNameAndPassword() {
    assertThat(read(authentication("basic", "p:ä").setUsername("user")))
        .hasValue(new BasicCredential("user", "p:ä"));
  }

  @Test
  void readsAClientsCredentials() {
    assertThat(
            read(
                authentication("oauth2", "secret")
                    .setTokenUrl("https://login.example/token")
                    .setClientId("id")
                    .setScope("a b")))
        .hasValue(
            new ClientGrant(
                URI.create("https://login.example/token"),
                "id",
                "secret",
                Optional.of("a b"),
                Optional.empty()));
  }

  @Test
  void readsACertificate() {
    var credential =
        read(authentication("mtls", client.privateKeyPem()).setCertificate(client.pem()));

    assertThat(credential.orElseThrow())
        .isInstanceOfSatisfying(
            ClientCertificate.class,
            it -> assertThat(it.chain()).containsExactly(client.certificate()));
  }

  @Test
  void readsNoneWhereThereIsNone() {
    var reading = new SubscriptionReader(false).read(good("sub_1").build(), NOW);

    assertThat(((SubscriptionReading.Read) reading).subscription().endpoint().credential())
        .isEmpty();
  }

  @Test
  void saysEverythingThatIsWrongAtOnce() {
    assertThat(problems(authentication("kerberos", "secret")))
        .containsExactly("/authentication/type must be basic, oauth2 or mtls");
    assertThat(problems(authentication("basic", "")))
        .containsExactly(
            "/authentication/password is required", "/authentication/username is required");
    assertThat(problems(authentication("basic", "secret".repeat(200)).setUsername("a:b")))
        .containsExactly("/authentication/password must have at most 1024 characters");
    assertThat(problems(authentication("basic", "secret").setUsername("a:b")))
        .containsExactly("/authentication/username a user name has no colon");
    assertThat(problems(authentication("oauth2", "")))
        .containsExactly(
            "/authentication/client_secret is required",
            "/authentication/client_id is required",
            "/authentication/token_url is required");
    assertThat(
            problems(
                authentication("oauth2", "secret")
                    .setClientId("id")
                    .setTokenUrl("http://u:p@login.example/#f")))
        .allMatch(problem -> problem.startsWith("/authentication/token_url must "))
        .hasSize(3);
    assertThat(problems(authentication("mtls", "secret").setCertificate("secret")))
        .hasSize(2)
        .anyMatch(problem -> problem.startsWith("/authentication/certificate must be 1 to 10"))
        .anyMatch(problem -> problem.startsWith("/authentication/private_key must be one"))
        .noneMatch(problem -> problem.contains("secret"));
    assertThat(
            problems(
                authentication("mtls", TestCertificate.forHost("x").privateKeyPem())
                    .setCertificate(client.pem())))
        .containsExactly("/authentication/private_key is not the key of the first certificate");
    assertThat(problems(authentication("basic", "x").setUsername("u").setKeyId("k1")))
        .containsExactly("/authentication/password is sealed, and could not be opened");
  }

  @Test
  void takesTheHeaderForItself() {
    var stored =
        good("sub_1")
            .setHeaders(Map.of("AUTHORIZATION", "Bearer x"))
            .setAuthentication(authentication("basic", "p").setUsername("u").build())
            .build();

    var reading = new SubscriptionReader(false).read(stored, NOW);

    assertThat(((SubscriptionReading.Refused) reading).problems())
        .containsExactly(
            new SubscriptionProblem("/headers", "header 'authorization' is set by authentication"));
  }

  private static Authentication.Builder authentication(String type, String secret) {
    return Authentication.newBuilder()
        .setType(type)
        .setSecret(ByteBuffer.wrap(secret.getBytes(UTF_8)));
  }

  private static Optional<Credential> read(Authentication.Builder authentication) {
    var stored = good("sub_1").setAuthentication(authentication.build()).build();
    return ((SubscriptionReading.Read) new SubscriptionReader(false).read(stored, NOW))
        .subscription()
        .endpoint()
        .credential();
  }

  private static List<String> problems(Authentication.Builder authentication) {
    var stored = good("sub_1").setAuthentication(authentication.build()).build();
    return ((SubscriptionReading.Refused) new SubscriptionReader(false).read(stored, NOW))
        .problems().stream().map(it -> it.pointer() + " " + it.detail()).toList();
  }
}
