package dev.fanfare.dispatcher.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.net.http.HttpRequest.BodyPublishers;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The dashboard's sign-in, over HTTP.
class SessionIT {
  private static TestFanfare fanfare;

  @BeforeAll
  static void start() {
    fanfare = TestFanfare.withApi(SharedKafka.bootstrap(), SharedKafka.prefix(SessionIT.class));
    assertThat(fanfare.post("/v1/tenants", "{\"id\":\"acme\"}").status()).isEqualTo(201);
  }

  @AfterAll
  static void stop() {
    fanfare.close();
  }

  @Test
  void aKeyIsExchangedForACookieThatReadsWhatTheKeyMay() {
    var made = fanfare.post("/v1/keys", "{\"role\":\"tenant\",\"tenant\":\"acme\"}").json();

    var signedIn = signIn(made.path("key").asText());

    assertThat(signedIn.status()).isEqualTo(201);
    assertThat(signedIn.json().path("role").asText()).isEqualTo("tenant");
    assertThat(signedIn.text()).doesNotContain(made.path("key").asText());
    assertThat(signedIn.header("set-cookie")).contains("HttpOnly", "SameSite=Strict");
    var who = read(cookie(signedIn), "/v1/session");
    assertThat(who.status()).isEqualTo(200);
    assertThat(who.json().path("tenant").asText()).isEqualTo("acme");
    assertThat(read(cookie(signedIn), "/v1/subscriptions").status()).isEqualTo(200);
    assertThat(read(cookie(signedIn), "/metrics").status()).isEqualTo(403);

    // and with the key the session ends
    var revoked = fanfare.send("DELETE", "/v1/keys/" + made.path("id").asText(), "");
    assertThat(revoked.status()).isEqualTo(204);
    assertThat(read(cookie(signedIn), "/v1/session").status()).isEqualTo(401);
  }

  @Test
  void withACookieOnlyOurOwnPageWrites() {
    var cookie = cookie(signIn(TestFanfare.KEY));

    assertThat(write(cookie, "X-None", "-")).isEqualTo(403);
    assertThat(write(cookie, "X-Fanfare-Console", "1", "Sec-Fetch-Site", "cross-site"))
        .isEqualTo(403);
    assertThat(write(cookie, "X-Fanfare-Console", "1", "Origin", "https://evil.example"))
        .isEqualTo(403);
    assertThat(write(cookie, "X-Fanfare-Console", "1", "Sec-Fetch-Site", "same-origin"))
        .isEqualTo(422); // let in, though nothing is subscribed to
  }

  @Test
  void whoHasNoKeyGetsNoCookie() {
    var wrong = signIn("fk_" + "a".repeat(24) + "_" + "a".repeat(52));
    var producer =
        signIn(fanfare.post("/v1/keys", "{\"role\":\"producer\"}").json().path("key").asText());
    var foreign =
        fanfare.send(
            fanfare
                .anonymous("/v1/session")
                .header("Content-Type", "application/json")
                .header("Sec-Fetch-Site", "cross-site")
                .POST(BodyPublishers.ofString("{\"api_key\":\"" + TestFanfare.KEY + "\"}")));

    assertThat(wrong.status()).isEqualTo(401);
    assertThat(producer.status()).isEqualTo(403);
    assertThat(foreign.status()).isEqualTo(403);
    for (var reply : new TestFanfare.Reply[] {wrong, producer, foreign}) {
      assertThat(reply.header("set-cookie")).isEmpty();
    }
  }

  @Test
  void signingOutTakesTheCookieAway() {
    var reply = fanfare.send(fanfare.anonymous("/v1/session").DELETE());

    assertThat(reply.status()).isEqualTo(204);
    assertThat(reply.header("set-cookie")).contains("fanfare_session=;", "Max-Age=0");
  }

  private static TestFanfare.Reply signIn(String key) {
    return fanfare.send(
        fanfare
            .anonymous("/v1/session")
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{\"api_key\":\"" + key + "\"}")));
  }

  private static String cookie(TestFanfare.Reply signedIn) {
    return signedIn.header("set-cookie").split(";", 2)[0];
  }

  private static TestFanfare.Reply read(String cookie, String path) {
    return fanfare.send(fanfare.anonymous(path).header("Cookie", cookie).GET());
  }

  private static int write(String cookie, String... headers) {
    return fanfare.status(
        fanfare
            .anonymous("/v1/subscriptions")
            .headers(headers)
            .header("Cookie", cookie)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString("{}")));
  }
}
