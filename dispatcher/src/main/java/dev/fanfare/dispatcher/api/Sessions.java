package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.api.exchange.Call;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/// Who signed in to the dashboard: a cookie that names the key and an end, signed by us. Nothing is
/// kept, so a session outlives a restart and is known to every process with the same configured
/// key; it ends at its end, and with the key that it names, which is looked up at each request.
///
/// The cookie's signature must not help anybody to guess the configured key, so what signs is
/// derived from it by many rounds.
final class Sessions {
  static final Duration LIFETIME = Duration.ofHours(12);
  static final String COOKIE = "fanfare_session";

  /// What a page of ours sets, and neither a form nor another site's page can.
  static final String HEADER = "x-fanfare-console";

  private static final String VERSION = "1";
  private static final String MAC = "HmacSHA256";
  private static final int ROUNDS = 300_000;
  private static final int BITS = 256;
  private static final Pattern FORM =
      Pattern.compile("1\\.([A-Za-z0-9_-]{1,128})\\.(\\d{1,12})\\.([A-Za-z0-9_-]{43})");

  private final SecretKeySpec signing;

  /// @param configuredKey what all processes of an installation share
  Sessions(String configuredKey) {
    this.signing = derived(configuredKey);
  }

  /// A session's cookie value.
  ///
  /// @param key the id of the key that was shown
  String begin(String key, Instant now) {
    var content = VERSION + "." + key + "." + now.plus(LIFETIME).getEpochSecond();
    return content + "." + signature(content);
  }

  /// The id of the key that a call's session was begun with; empty without a session that is ours
  /// and has not ended.
  Optional<String> key(Call call, Instant now) {
    var matcher = FORM.matcher(cookie(call).orElse(""));
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var content = VERSION + "." + matcher.group(1) + "." + matcher.group(2);
    boolean ours =
        MessageDigest.isEqual(signature(content).getBytes(UTF_8), matcher.group(3).getBytes(UTF_8));
    boolean on = Long.parseLong(matcher.group(2)) > now.getEpochSecond();
    return ours && on ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  private static Optional<String> cookie(Call call) {
    return Arrays.stream(call.header("cookie").orElse("").split("[;,]"))
        .map(String::strip)
        .filter(pair -> pair.startsWith(COOKIE + "="))
        .map(pair -> pair.substring(COOKIE.length() + 1))
        .findFirst();
  }

  /// A `Set-Cookie` that no script reads and no other site sends along.
  ///
  /// @param value empty to end it
  static String setCookie(Call call, String value) {
    var cookie =
        COOKIE
            + "="
            + value
            + "; Path=/; HttpOnly; SameSite=Strict; Max-Age="
            + (value.isEmpty() ? 0 : LIFETIME.toSeconds());
    return isSecure(call) ? cookie + "; Secure" : cookie;
  }

  /// Whether the browser speaks TLS, as a proxy in front of us says.
  private static boolean isSecure(Call call) {
    return call.header("x-forwarded-proto").orElse("").equalsIgnoreCase("https")
        || call.header("forwarded")
            .map(it -> it.toLowerCase(Locale.ROOT).contains("proto=https"))
            .orElse(false);
  }

  /// Whether a call that a browser makes by itself (with our cookie, or where no key is asked for)
  /// is our own page's and not another site's. Reading is allowed: no other page sees the answer.
  static boolean isOurPage(Call call) {
    return isSafe(call) || (call.header(HEADER).isPresent() && isSameOrigin(call));
  }

  /// Whether a call that carries no cookie may come from a browser at all: not from another site.
  static boolean isNoForeignPage(Call call) {
    return isSafe(call) || isSameOrigin(call);
  }

  private static boolean isSafe(Call call) {
    return call.method().equals("GET") || call.method().equals("HEAD");
  }

  /// As the browser says. What is no browser says nothing.
  private static boolean isSameOrigin(Call call) {
    var site = call.header("sec-fetch-site");
    if (site.isPresent()) {
      return site.get().equals("same-origin") || site.get().equals("none");
    }
    var host = call.header("host").orElse("");
    return call.header("origin")
        .map(origin -> origin.replaceFirst("^https?://", "").equalsIgnoreCase(host))
        .orElse(true);
  }

  private String signature(String content) {
    try {
      var mac = Mac.getInstance(MAC);
      mac.init(signing);
      return Base64.getUrlEncoder()
          .withoutPadding()
          .encodeToString(mac.doFinal(content.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has " + MAC, e);
    }
  }

  private static SecretKeySpec derived(String configuredKey) {
    var spec =
        new PBEKeySpec(
            configuredKey.toCharArray(), "fanfare dashboard session".getBytes(UTF_8), ROUNDS, BITS);
    try {
      var factory = SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256");
      return new SecretKeySpec(factory.generateSecret(spec).getEncoded(), MAC);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java platform has PBKDF2", e);
    } finally {
      spec.clearPassword();
    }
  }
}
