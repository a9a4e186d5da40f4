package dev.fanfare.dispatcher.egress;

import static dev.fanfare.dispatcher.egress.TestEgress.LOCALHOST;
import static dev.fanfare.dispatcher.egress.TestEgress.LOOPBACK;
import static dev.fanfare.dispatcher.egress.TestEgress.egress;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Blocked;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.testkit.receiver.ConnectProxy;
import dev.fanfare.testkit.receiver.HostileReceiver;
import dev.fanfare.testkit.receiver.Received;
import dev.fanfare.testkit.receiver.Receiver;
import dev.fanfare.testkit.receiver.TestCertificate;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Through the operator's proxy: the same guard, the same TLS from end to end, another way out.
@Timeout(60)
class HttpEgressProxyIT {
  private static final InetAddress PUBLIC = InetAddress.ofLiteral("93.184.215.14");
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /// The name is resolved and vetted here; the proxy hears of an address only. The certificate is
  /// checked against the name.
  @Test
  void asksForTheVettedAddressAndSpeaksTlsToTheName() throws Exception {
    var certificate = TestCertificate.forHost("hooks.example");
    try (var receiver = Receiver.start(certificate);
        var proxy = ConnectProxy.to(receiver.port());
        var egress =
            TestEgress.trusting(
                certificate, LOOPBACK.through(settings(proxy)), _ -> List.of(PUBLIC))) {
      var url = URI.create("https://hooks.example/hook?token=secret");

      for (int i = 0; i < 2; i++) {
        assertThat(egress.post(Posts.to(url))).isInstanceOf(Answered.class);
      }

      var received = receiver.await(2, PATIENCE);
      assertThat(received.getFirst().header("host")).hasValue("hooks.example");
      assertThat(received).extracting(Received::connection).containsOnly(1L);
      assertThat(proxy.asked()).hasSize(1);
      var asked = proxy.asked().getFirst();
      assertThat(asked.method()).isEqualTo("CONNECT");
      assertThat(asked.target()).isEqualTo("93.184.215.14:443");
      assertThat(asked.headers())
          .containsEntry("host", "93.184.215.14:443")
          .containsEntry("proxy-authorization", "Basic dXNlcjpwYXNz")
          .hasSize(2);
      assertThat(received.getFirst().headers()).doesNotContainKey("proxy-authorization");
    }
  }

  @Test
  void tunnelsPlainHttpToo() throws Exception {
    try (var receiver = Receiver.start();
        var proxy = ConnectProxy.to(receiver.port());
        var egress = egress(LOOPBACK.through(settings(proxy)), _ -> List.of(PUBLIC))) {
      assertThat(egress.post(Posts.to(URI.create("http://hooks.example:8080/hook"))))
          .isInstanceOf(Answered.class);

      assertThat(proxy.asked().getFirst().target()).isEqualTo("93.184.215.14:8080");
      assertThat(receiver.await(1, PATIENCE).getFirst().target()).isEqualTo("/hook");
    }
  }

  @Test
  void writesAnIpv6AddressInBrackets() {
    try (var receiver = Receiver.start();
        var proxy = ConnectProxy.to(receiver.port());
        var egress =
            egress(
                LOOPBACK.through(settings(proxy)),
                _ -> List.of(InetAddress.ofLiteral("2a00:1450:4001:80b::200e")))) {
      assertThat(egress.post(Posts.to(URI.create("http://hooks.example/"))))
          .isInstanceOf(Answered.class);

      assertThat(proxy.asked().getFirst().target()).isEqualTo("[2a00:1450:4001:80b:0:0:0:200e]:80");
    }
  }

  /// A proxy would reach what this machine can't: the guard must not be fooled by it.
  @ParameterizedTest
  @CsvSource({
    "http://rebind.example/, 169.254.169.254",
    "http://rebind.example/, 10.0.0.1",
    "http://rebind.example/, ::ffff:192.168.0.1"
  })
  void isNeverAskedForAnAddressThatTheGuardRefuses(String url, String address) {
    try (var receiver = Receiver.start();
        var proxy = ConnectProxy.to(receiver.port());
        var egress =
            egress(
                LOOPBACK.through(settings(proxy)), _ -> List.of(InetAddress.ofLiteral(address)))) {
      assertThat(egress.post(Posts.to(URI.create(url)))).isInstanceOf(Blocked.class);
      assertThat(egress.post(Posts.to(URI.create("http://169.254.169.254/"))))
          .isInstanceOf(Blocked.class);

      assertThat(proxy.asked()).isEmpty();
    }
  }

  @Test
  void connectsToTheNetworksThatAreExceptedWithoutIt() {
    try (var receiver = Receiver.start();
        var proxy = ConnectProxy.to(receiver.port());
        var egress =
            egress(
                LOOPBACK.through(
                    new ProxySettings(
                        "127.0.0.1",
                        proxy.port(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of("127.0.0.0/8"))))) {
      assertThat(egress.post(Posts.to(receiver.url("/")))).isInstanceOf(Answered.class);

      assertThat(proxy.asked()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "HTTP/1.1 407 Proxy Authentication Required\\r\\n\\r\\n | status 407",
        "HTTP/1.1 503 No\\r\\nX: secret\\r\\n\\r\\n | status 503",
        "HTTP/1.1 200 OK\\r\\n | closed",
        "'' | closed",
        "SSH-2.0-x\\r\\n\\r\\n | not valid HTTP"
      })
  void saysWhatTheProxySaid(String answer, String message) {
    try (var receiver = Receiver.start();
        var proxy = ConnectProxy.to(receiver.port());
        var egress = egress(LOOPBACK.through(settings(proxy)), _ -> List.of(PUBLIC))) {
      proxy.refuse(answer.replace("\\r\\n", "\r\n"));

      isProxyFault(egress.post(Posts.to(URI.create("http://hooks.example/"))), message);
      assertThat(receiver.count()).isZero();
      await().until(() -> egress.openConnections() == 0);
    }
  }

  @Test
  void aProxyThatAnswersWithoutEndIsBroughtToOne() {
    try (var receiver = Receiver.start();
        var proxy = ConnectProxy.to(receiver.port());
        var egress = egress(LOOPBACK.through(settings(proxy)), _ -> List.of(PUBLIC))) {
      proxy.refuse("HTTP/1.1 200 OK\r\n" + "X: x\r\n".repeat(10_000));

      isProxyFault(egress.post(Posts.to(URI.create("http://hooks.example/"))), "too large");
    }
  }

  @Test
  void aProxyThatIsNotThereIsNoFaultOfTheEndpoint() {
    var nobody = HostileReceiver.refusing().getPort();
    var settings =
        new ProxySettings("127.0.0.1", nobody, Optional.empty(), Optional.empty(), List.of());
    try (var egress = egress(LOOPBACK.through(settings), _ -> List.of(PUBLIC))) {
      isProxyFault(egress.post(Posts.to(URI.create("http://hooks.example/"))), "can't be reached");
    }
  }

  @Test
  void theProxysOwnNameIsResolvedAndNotVetted() {
    try (var receiver = Receiver.start();
        var proxy = ConnectProxy.to(receiver.port());
        var egress =
            egress(
                EgressSettings.DEFAULT
                    .allowing()
                    .through(
                        new ProxySettings(
                            "proxy.internal",
                            proxy.port(),
                            Optional.empty(),
                            Optional.empty(),
                            List.of())),
                host -> List.of(host.equals("proxy.internal") ? LOCALHOST : PUBLIC))) {
      assertThat(egress.post(Posts.to(URI.create("http://hooks.example/"))))
          .isInstanceOf(Answered.class);
      assertThat(proxy.asked()).hasSize(1);
    }
  }

  private static void isProxyFault(Reply reply, String message) {
    assertThat(reply)
        .isInstanceOfSatisfying(
            Unanswered.class,
            unanswered -> {
              assertThat(unanswered.fault()).isEqualTo(Fault.PROXY);
              assertThat(unanswered.message()).contains(message).doesNotContain("secret");
              assertThat(unanswered.sent().headers()).isEmpty();
            });
  }

  private static ProxySettings settings(ConnectProxy proxy) {
    return ProxySettings.parse(
        "127.0.0.1:" + proxy.port(), Optional.of("user"), Optional.of("pass"), List.of());
  }
}
