package dev.fanfare.dispatcher.egress;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OwnHeadersTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "Authorization",
        "X-Api-Key",
        "x-tenant",
        "Accept",
        "Cookie",
        "X!#$%&'*+.^_`|~9",
        "From"
      })
  void permits(String name) {
    assertThat(OwnHeaders.problems(Map.of(name, "value"))).isEmpty();
    assertThat(OwnHeaders.maySend(name, "value")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "webhook-id",
        "Webhook-Id",
        "WEBHOOK-TIMESTAMP",
        "webhook-signature",
        "webhook-attempt",
        "Content-Type",
        "User-Agent",
        "traceparent",
        "TraceState",
        "Host",
        "Content-Length",
        "Content-Encoding",
        "Transfer-Encoding",
        "Accept-Encoding",
        "Connection",
        "Keep-Alive",
        "Proxy-Authorization",
        "Proxy-Connection",
        "proxy-anything",
        "TE",
        "Trailer",
        "Upgrade",
        "HTTP2-Settings",
        "Expect",
        "Range",
        "",
        ":authority",
        "a b",
        "a:b",
        "a\nb",
        "a\0",
        "ä",
        "x(y)"
      })
  void refusesAtTheDoorAndLeavesOutWhenSending(String name) {
    assertThat(OwnHeaders.problems(Map.of(name, "value"))).isNotEmpty();
    assertThat(OwnHeaders.maySend(name, "value")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"webhook-request-origin", "webhook-anything", "ce-type", "CE-Id"})
  void leavesTheFormatsTheirPrefixes(String name) {
    assertThat(OwnHeaders.problems(Map.of(name, "value"))).isNotEmpty();
    assertThat(OwnHeaders.maySend(name, "value")).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a\r\nX-Injected: 1", "a\nb", "a\rb", "a\0b", "ä", "a\u007f", " a", "a ", "\t"})
  void refusesValuesThatCouldBreakOut(String value) {
    assertThat(OwnHeaders.problems(Map.of("X-Own", value)))
        .isNotEmpty()
        .noneMatch(problem -> problem.contains("Injected"));
    assertThat(OwnHeaders.maySend("X-Own", value)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a b", "a\tb", "Bearer abc.def-_~+/=="})
  void permitsOrdinaryValues(String value) {
    assertThat(OwnHeaders.problems(Map.of("X-Own", value))).isEmpty();
  }

  @Test
  void boundsNumberAndSize() {
    var many = new LinkedHashMap<String, String>();
    for (int i = 0; i < 32; i++) {
      many.put("x-" + i, "v");
    }
    assertThat(OwnHeaders.problems(many)).isEmpty();
    many.put("x-32", "v");
    assertThat(OwnHeaders.problems(many)).isNotEmpty();

    assertThat(OwnHeaders.problems(Map.of("x", "v".repeat(4096)))).isEmpty();
    assertThat(OwnHeaders.problems(Map.of("x", "v".repeat(4097)))).isNotEmpty();
    assertThat(OwnHeaders.problems(Map.of("x".repeat(129), "v"))).isNotEmpty();

    var large = new LinkedHashMap<String, String>();
    for (int i = 0; i < 5; i++) {
      large.put("x-" + i, "v".repeat(4000));
    }
    assertThat(OwnHeaders.problems(large)).isNotEmpty();
  }

  @Test
  void noticesANameGivenTwiceInDifferentCase() {
    assertThat(OwnHeaders.problems(Map.of("X-Own", "1", "x-own", "2")))
        .singleElement()
        .asString()
        .contains("twice");
  }
}
