package dev.fanfare.dispatcher.subscription.reading;

import dev.fanfare.dispatcher.egress.OwnHeaders;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads where a subscription's events go: URL and header fields. Whether the address behind the
/// URL may be connected to is asked at every attempt, of the address that is dialled.
final class EndpointReader {
  private static final int LONGEST_URL = 2_048;
  private static final int HIGHEST_PORT = 65_535;

  private EndpointReader() {}

  static Optional<URI> url(
      String text, String pointer, boolean plainHttpAllowed, Problems problems) {
    if (!problems.require(
        !text.isBlank() && text.length() <= LONGEST_URL,
        pointer,
        "must have 1 to " + LONGEST_URL + " characters")) {
      return Optional.empty();
    }
    URI url;
    try {
      url = new URI(text).parseServerAuthority();
    } catch (URISyntaxException e) {
      problems.add(pointer, "must be a URL: " + e.getReason());
      return Optional.empty();
    }
    var scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
    boolean good =
        problems.require(
            scheme.equals("https") || (plainHttpAllowed && scheme.equals("http")),
            pointer,
            plainHttpAllowed ? "must begin with https:// or http://" : "must begin with https://");
    good &= problems.require(url.getHost() != null, pointer, "must name a host");
    good &= problems.require(isAscii(text), pointer, "must be ASCII: encode what is not");
    good &= problems.require(url.getRawUserInfo() == null, pointer, "must not name a user");
    good &= problems.require(url.getRawFragment() == null, pointer, "must not have a fragment");
    good &=
        problems.require(
            url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= HIGHEST_PORT),
            pointer,
            "must have a port from 1 to " + HIGHEST_PORT);
    return good ? Optional.of(url) : Optional.empty();
  }

  static Map<String, String> headers(Map<String, String> given, Problems problems) {
    OwnHeaders.problems(given).forEach(problem -> problems.add("/headers", problem));
    return Map.copyOf(given);
  }

  private static boolean isAscii(String text) {
    return text.chars().allMatch(c -> c > ' ' && c < 0x7f);
  }
}
