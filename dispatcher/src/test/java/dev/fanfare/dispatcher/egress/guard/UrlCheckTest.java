package dev.fanfare.dispatcher.egress.guard;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UrlCheckTest {
  private static final AddressPolicy DEVELOPMENT =
      new AddressPolicy(true, List.of(Network.parse("127.0.0.0/8"), Network.parse("::1/128")));

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.com",
        "https://example.com/",
        "https://EXAMPLE.com/hook?token=x&y=%20z",
        "HTTPS://example.com:8443/a/b",
        "https://example.com:1/",
        "https://example.com:65535/",
        "https://8.8.8.8/",
        "https://[2a00:1450:4001:80b::200e]/",
        "https://xn--mller-kva.example/",
        "https://a-b.c-d.example.com/",
        "https://1password.com/",
        "https://0x.example.com/",
        "https://internal.example.com/",
        "https://localhost.example.com/"
      })
  void permits(String url) {
    assertThat(AddressPolicy.STRICT.checkUrl(url)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // scheme
        "http://example.com/",
        "ftp://example.com/",
        "file:///etc/passwd",
        "gopher://example.com/",
        "javascript:alert(1)",
        "example.com",
        "//example.com/",
        "/hook",
        "",
        "https:",
        "https://",
        "https:///path",
        "https:example.com",
        "https:/example.com",
        // parts
        "https://user@example.com/",
        "https://user:pass@example.com/",
        "https://@example.com/",
        "https://example.com@10.0.0.1/",
        "https://example.com#fragment",
        "https://example.com/#",
        "https://example.com:0/",
        "https://example.com:65536/",
        "https://example.com:-1/",
        "https://example.com:/",
        "https://example.com:port/",
        "https://example.com:80:80/",
        // characters
        "https://example.com/a b",
        " https://example.com/",
        "https://example.com/\n",
        "https://exam\tple.com/",
        "https://example.com\\@10.0.0.1/",
        "https://müller.example/",
        "https://１２７.0.0.1/",
        "https://example.com/\u0000",
        "https://exa%6dple.com/",
        "https://exam_ple.com/",
        "https://example..com/",
        "https://-example.com/",
        // addresses
        "https://127.0.0.1/",
        "https://127.1/",
        "https://127.0.1/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://0177.0.0.1/",
        "https://0x7f.0x0.0x0.0x1/",
        "https://127.0.0.01/",
        "https://127.0.0.1./",
        "https://127.0.0.256/",
        "https://1.2.3.4.5/",
        "https://8.8.8.8./",
        "https://08.8.8.8/",
        "https://8.8.2056/",
        "https://0/",
        "https://0.0.0.0/",
        "https://10.0.0.1/",
        "https://192.168.1.1:8443/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.100.100.200/",
        "https://[::1]/",
        "https://[::]/",
        "https://[::ffff:127.0.0.1]/",
        "https://[::ffff:7f00:1]/",
        "https://[::127.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[fe80::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://[2a00:1450::1%251]/",
        "https://[fd00:ec2::254]/",
        "https://[2002:7f00:1::]/",
        "https://[::1/",
        "https://[]/",
        "https://[v1.x]/",
        // names
        "https://localhost/",
        "https://LOCALHOST/",
        "https://localhost./",
        "https://a.localhost/",
        "https://example.com./",
        "https://metadata.google.internal/",
        "https://printer.local/",
        "https://kubernetes.default.svc.cluster.local/",
        "https://router.home.arpa/",
        "https://kubernetes/",
        "https://a.b.lan/"
      })
  void refuses(String url) {
    assertThat(AddressPolicy.STRICT.checkUrl(url)).isNotEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:8080/hook",
        "http://localhost:8080/hook",
        "http://a.localhost/",
        "http://[::1]:8080/",
        "https://example.com/",
        "http://receiver:8080/"
      })
  void permitsWhatDevelopmentNeedsWhenTold(String url) {
    assertThat(DEVELOPMENT.checkUrl(url)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://10.0.0.1/",
        "http://169.254.169.254/",
        "http://2130706433/",
        "http://0x7f.1/",
        "ftp://127.0.0.1/",
        "http://user@127.0.0.1/"
      })
  void developmentDoesNotPermitTheRest(String url) {
    assertThat(DEVELOPMENT.checkUrl(url)).isNotEmpty();
  }

  @Test
  void permitsHttpOnlyWhenTold() {
    var plain = new AddressPolicy(true, List.of());

    assertThat(plain.checkUrl("http://example.com/")).isEmpty();
    assertThat(plain.checkUrl("http://localhost/")).isNotEmpty();
    assertThat(plain.checkUrl("http://127.0.0.1/")).isNotEmpty();
  }

  @Test
  void tellsAllThatIsWrongAndRepeatsNothing() {
    assertThat(AddressPolicy.STRICT.checkUrl("http://user:secret@127.0.0.1:0/?token=secret#x"))
        .hasSize(5)
        .noneMatch(problem -> problem.contains("secret"));
  }

  @Test
  void boundsTheLength() {
    var url = "https://example.com/" + "a".repeat(2048);

    assertThat(AddressPolicy.STRICT.checkUrl(url.substring(0, 2048))).isEmpty();
    assertThat(AddressPolicy.STRICT.checkUrl(url)).isNotEmpty();
    assertThat(AddressPolicy.STRICT.checkUrl("https://" + "a.".repeat(127) + "com/")).isNotEmpty();
  }
}
