package dev.fanfare.dispatcher.egress.credential;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.testkit.receiver.TestCertificate;
import java.net.URI;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PemTest {
  private final TestCertificate client = TestCertificate.forHost("client");

  @Test
  void readsAChainAndItsKeyWithWhateverStandsAround() {
    var other = TestCertificate.forHost("issuer");
    var chain = Pem.certificates("client:\n" + client.pem() + "\r\nissuer:\n" + other.pem());
    var key = Pem.privateKey("Bag Attributes\n" + client.privateKeyPem());

    assertThat(chain).containsExactly(client.certificate(), other.certificate());
    assertThat(new ClientCertificate(chain, key).chain()).isEqualTo(chain);
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void readsKeysOfEveryUsualAlgorithm(String algorithm) throws NoSuchAlgorithmException {
    var key = KeyPairGenerator.getInstance(algorithm).generateKeyPair().getPrivate();

    assertThat(Pem.privateKey(pem(key.getEncoded())).getEncoded()).isEqualTo(key.getEncoded());
  }

  @Test
  void refusesTheKeyOfAnotherCertificate() throws NoSuchAlgorithmException {
    var chain = List.of(client.certificate());
    var rsa = KeyPairGenerator.getInstance("RSA").generateKeyPair().getPrivate();
    for (var key :
        List.of(
            Pem.privateKey(TestCertificate.forHost("client").privateKeyPem()),
            Pem.privateKey(pem(rsa.getEncoded())))) {
      assertThatThrownBy(() -> new ClientCertificate(chain, key))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("is not the key of the first certificate");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "c2VjcmV0",
        "-----BEGIN PRIVATE KEY-----\nc2VjcmV0",
        "-----BEGIN PRIVATE KEY-----\nc2VjcmV0\n-----END PRIVATE KEY-----",
        "-----BEGIN PRIVATE KEY-----\nsecret!\n-----END PRIVATE KEY-----",
        "-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----\nc2VjcmV0\n-----END ENCRYPTED PRIVATE KEY-----"
      })
  void whatIsNoKeyIsRefusedWithoutBeingRepeated(String text) {
    assertThatThrownBy(() -> Pem.privateKey(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasNoCause()
        .message()
        .doesNotContain("secret", "c2VjcmV0");
  }

  @Test
  void boundsWhatItReads() {
    assertThatThrownBy(() -> Pem.certificates(client.pem().repeat(11)))
        .hasMessageContaining("1 to 10");
    assertThatThrownBy(() -> Pem.certificates("x".repeat(Pem.LONGEST + 1)))
        .hasMessageContaining("32768");
    assertThatThrownBy(
            () -> Pem.certificates("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"))
        .hasMessageContaining("can't be read");
  }

  @Test
  void sayNothingOfTheirSecrets() {
    var certificate =
        new ClientCertificate(
            List.of(client.certificate()), Pem.privateKey(client.privateKeyPem()));
    var grant =
        new ClientGrant(
            URI.create("https://t.example/?k=secret"),
            "id",
            "secret",
            Optional.empty(),
            Optional.empty());

    assertThat(new BasicCredential("user", "secret").toString()).doesNotContain("secret");
    assertThat(grant.toString()).doesNotContain("secret");
    assertThat(certificate.toString()).isEqualTo("client certificate");
  }

  @ParameterizedTest
  @ValueSource(strings = {"us:er", "us\ner", "us\0er"})
  void aUserNameIsWhatTheHeaderCanCarry(String username) {
    assertThatThrownBy(() -> new BasicCredential(username, "secret"))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .doesNotContain("secret");
  }

  private static String pem(byte[] key) {
    return "-----BEGIN PRIVATE KEY-----\n"
        + Base64.getMimeEncoder().encodeToString(key)
        + "\n-----END PRIVATE KEY-----\n";
  }
}
