package dev.fanfare.dispatcher.egress;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.dispatcher.egress.EgressSettings.Pools;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EgressSettingsTest {
  private static final EgressSettings DEFAULT = EgressSettings.DEFAULT;

  @Test
  void theDefaultsAreTheDesigns() {
    assertThat(DEFAULT.connectTimeout()).hasSeconds(5);
    assertThat(DEFAULT.readBytes()).isEqualTo(65_536);
    assertThat(DEFAULT.keptBytes()).isEqualTo(4_096);
    assertThat(DEFAULT.policy().allowHttp()).isFalse();
    assertThat(DEFAULT.policy().allowed()).isEmpty();
  }

  @Test
  void developmentMayCallLoopback() {
    var policy = DEFAULT.allowing("127.0.0.0/8", "::1/128").policy();

    assertThat(policy.checkUrl("http://127.0.0.1:9000/")).isEmpty();
    assertThat(policy.checkUrl("http://[::1]:9000/")).isEmpty();
    assertThat(policy.checkUrl("http://10.0.0.1:9000/")).isNotEmpty();
  }

  @ParameterizedTest
  @CsvSource({"PT0.999S, false", "PT1S, true", "PT30S, true", "PT30.001S, false", "PT-1S, false"})
  void aTimeoutIsOneToThirtySeconds(Duration timeout, boolean permitted) {
    assertThat(EgressSettings.isTimeout(timeout)).isEqualTo(permitted);
  }

  @ParameterizedTest
  @CsvSource({
    "PT0S, 65536, 4096, connect timeout",
    "PT31S, 65536, 4096, connect timeout",
    "PT5S, -1, 0, read bytes",
    "PT5S, 9999999, 0, read bytes",
    "PT5S, 65536, 4097, kept bytes",
    "PT5S, 100, 101, kept bytes",
    "PT5S, 100, -1, kept bytes"
  })
  void refusesWhatMakesNoSense(Duration connect, int read, int kept, String named) {
    assertThatThrownBy(() ->
            new EgressSettings(
                connect, read, kept, false, List.of(), Pools.DEFAULT, Optional.empty()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(named);
  }

  @ParameterizedTest
  @ValueSource(strings = {"loopback", "127.0.0.1", "127.0.0.1/8"})
  void refusesANetworkThatIsNone(String network) {
    assertThatThrownBy(() -> DEFAULT.allowing(network))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("allowed networks");
  }

  @Test
  void refusesPoolsThatMakeNoSense() {
    var idle = Duration.ofSeconds(4);
    assertThatThrownBy(() -> new Pools(0, 1, idle)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Pools(1, -1, idle)).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Pools(1, 1, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "proxy.internal:3128, proxy.internal, 3128",
    "10.0.0.1:80, 10.0.0.1, 80",
    "[::1]:3128, ::1, 3128"
  })
  void aProxyIsHostAndPort(String text, String host, int port) {
    var proxy = ProxySettings.parse(text, Optional.of("user"), Optional.of("secret"), List.of());

    assertThat(proxy.host()).isEqualTo(host);
    assertThat(proxy.port()).isEqualTo(port);
    assertThat(proxy.toString()).doesNotContain("secret");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "proxy",
        "proxy:",
        ":80",
        "proxy:0",
        "proxy:65536",
        "::1:80",
        "[::1]",
        "http://proxy:80",
        "user:secret@proxy:80",
        "proxy:80/",
        "a b:80",
        ""
      })
  void whatIsNoProxyIsRefused(String text) {
    assertThatThrownBy(
            () -> ProxySettings.parse(text, Optional.empty(), Optional.empty(), List.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("host:port");
  }

  @Test
  void aProxysUserAndPasswordComeTogether() {
    assertThatThrownBy(
            () -> ProxySettings.parse("p:1", Optional.of("user"), Optional.empty(), List.of()))
        .hasMessageContaining("together");
    assertThatThrownBy(
            () -> ProxySettings.parse("p:1", Optional.empty(), Optional.empty(), List.of("x")))
        .hasMessageContaining("proxy except");
  }
}
