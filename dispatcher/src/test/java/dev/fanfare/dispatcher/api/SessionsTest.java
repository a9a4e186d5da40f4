package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.api.exchange.Call;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SessionsTest {
  private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");
  private static final Sessions SESSIONS = new Sessions("a-key-of-the-configuration");
  private static final String COOKIE = SESSIONS.begin("key_abc", NOW);

  @Test
  void namesTheKeyUntilItEnds() {
    var call = with(COOKIE);

    assertThat(SESSIONS.key(call, NOW)).contains("key_abc");
    assertThat(SESSIONS.key(call, NOW.plus(Sessions.LIFETIME).minusSeconds(1))).isPresent();
    assertThat(SESSIONS.key(call, NOW.plus(Sessions.LIFETIME))).isEmpty();
  }

  @Test
  void isFoundAmongOtherCookies() {
    var call = call("GET", Map.of("cookie", "a=b; fanfare_session=" + COOKIE + "; c=d"));

    assertThat(SESSIONS.key(call, NOW)).contains("key_abc");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "1.config.99999999999.", "1.a.b.c.d"})
  void whatWeDidNotSignIsNone(String cookie) {
    assertThat(SESSIONS.key(with(cookie), NOW)).isEmpty();
  }

  @Test
  void changingAnyOfItEndsIt() {
    for (int i = 0; i < COOKIE.length() - 1; i++) { // the last letter holds two bits of nothing
      char other = COOKIE.charAt(i) == 'a' ? 'b' : 'a';
      var changed = COOKIE.substring(0, i) + other + COOKIE.substring(i + 1);

      assertThat(SESSIONS.key(with(changed), NOW)).as("changed at " + i).isEmpty();
    }
  }

  @Test
  void isKnownToEveryProcessWithTheSameKeyAndToNoOther() {
    assertThat(new Sessions("a-key-of-the-configuration").key(with(COOKIE), NOW)).isPresent();
    assertThat(new Sessions("another-key-of-another-one").key(with(COOKIE), NOW)).isEmpty();
  }

  @Test
  void noScriptReadsItAndNoOtherSiteSendsIt() {
    var plain = Sessions.setCookie(call("POST", Map.of()), COOKIE);
    var behindTls = Sessions.setCookie(call("POST", Map.of("x-forwarded-proto", "https")), COOKIE);

    assertThat(plain).contains("HttpOnly", "SameSite=Strict", "Path=/").doesNotContain("Secure");
    assertThat(behindTls).contains("HttpOnly", "SameSite=Strict", "; Secure");
    assertThat(Sessions.setCookie(call("DELETE", Map.of()), "")).contains("Max-Age=0");
  }

  @ParameterizedTest
  @CsvSource({
    "GET,,,, true", // what is read, another site's page does not see
    "POST,,,, false",
    "POST, 1,,, true",
    "POST, 1, same-origin,, true",
    "POST, 1, cross-site,, false",
    "POST, 1, same-site,, false",
    "POST,, same-origin,, false",
    "DELETE, 1,, http://fanfare.example:8080, true",
    "DELETE, 1,, http://fanfare.example, false",
    "PATCH, 1,, https://evil.example, false",
    "PUT, 1,, null, false"
  })
  void onlyOurOwnPageWritesWithASession(
      String method, String header, String site, String origin, boolean ours) {
    var headers = new HashMap<String, String>(Map.of("host", "fanfare.example:8080"));
    put(headers, Sessions.HEADER, header);
    put(headers, "sec-fetch-site", site);
    put(headers, "origin", origin);

    assertThat(Sessions.isOurPage(call(method, headers))).isEqualTo(ours);
  }

  private static void put(Map<String, String> headers, String name, String value) {
    if (value != null) {
      headers.put(name, value);
    }
  }

  private static Call with(String cookie) {
    return call("GET", Map.of("cookie", "fanfare_session=" + cookie));
  }

  private static Call call(String method, Map<String, String> headers) {
    return new Call(
        method, "/v1/x", Map.of(), Map.of(), headers, () -> new byte[0], Caller.ANYBODY);
  }
}
