package dev.fanfare.dispatcher.egress.guard;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The rules for a URL at the door. Stricter than URLs are, so that no two parsers can read one
/// differently.
final class UrlCheck {
  private static final int LONGEST = 2048;
  private static final int LONGEST_HOST = 253;
  private static final List<String> INTERNAL =
      List.of(".internal", ".local", ".localdomain", ".home.arpa", ".lan", ".intranet");

  private UrlCheck() {}

  static List<String> problems(String url, AddressPolicy policy) {
    if (url.length() > LONGEST) {
      return List.of("url must not be longer than " + LONGEST + " characters");
    }
    if (!url.chars().allMatch(c -> c > 0x20 && c < 0x7f)) {
      return List.of(
          "url must consist of printable ASCII characters without spaces;"
              + " international names in their xn-- form, others percent-encoded");
    }
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      return List.of("url is not well formed");
    }
    var problems = new ArrayList<String>();
    scheme(uri, policy, problems);
    var authority = uri.getRawAuthority();
    if (uri.isOpaque() || authority == null) {
      problems.add("url must have a host, as in https://example.com/path");
      return List.copyOf(problems);
    }
    if (authority.indexOf('@') >= 0) {
      problems.add("url must not contain a user name or password; use a header field");
    }
    if (uri.getRawFragment() != null) {
      problems.add("url must not have a fragment (#…)");
    }
    if (authority.endsWith(":") || uri.getPort() == 0 || uri.getPort() > 65535) {
      problems.add("url has a port that is none; ports are 1 to 65535");
    }
    host(uri, policy, problems);
    return List.copyOf(problems);
  }

  private static void scheme(URI uri, AddressPolicy policy, List<String> problems) {
    boolean https = "https".equalsIgnoreCase(uri.getScheme());
    boolean http = "http".equalsIgnoreCase(uri.getScheme());
    if (!https && !(http && policy.allowHttp())) {
      problems.add(
          policy.allowHttp()
              ? "url must start with https:// or http://"
              : "url must start with https://");
    }
  }

  private static void host(URI uri, AddressPolicy policy, List<String> problems) {
    var given = uri.getHost();
    if (given == null) {
      // java.net.URI finds no host in odd ones, e.g. with an underscore or a number at the end.
      problems.add(
          Literals.endsInNumber(hostOf(uri.getRawAuthority()))
              ? "url has an IP address in an unusual spelling; write a.b.c.d in decimal"
              : "url has no valid host name");
      return;
    }
    var host = given.toLowerCase(Locale.ROOT);
    if (host.length() > LONGEST_HOST) {
      problems.add("url has a host name longer than " + LONGEST_HOST + " characters");
    } else if (host.startsWith("[")) {
      literal(host.substring(1, host.length() - 1), policy, problems);
    } else if (host.endsWith(".")) {
      problems.add("url has a host that ends in a dot");
    } else if (Literals.endsInNumber(host)) {
      literal(host, policy, problems);
    } else {
      name(host, policy, problems);
    }
  }

  private static String hostOf(String authority) {
    var host = authority.substring(authority.indexOf('@') + 1);
    int colon = host.indexOf(':');
    host = colon < 0 ? host : host.substring(0, colon);
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private static void literal(String text, AddressPolicy policy, List<String> problems) {
    var address = Literals.parse(text);
    if (address.isEmpty()) {
      problems.add("url has an IP address in an unusual spelling; write a.b.c.d or [a:b::c]");
      return;
    }
    policy
        .refusal(address.get())
        .ifPresent(why -> problems.add("url has an address that may not be called: " + why));
  }

  /// Names are judged by what they resolve to, when they are dialled; these few are refused early
  /// because they can never be what a stranger's receiver is called.
  private static void name(String host, AddressPolicy policy, List<String> problems) {
    if (host.equals("localhost") || host.endsWith(".localhost")) {
      if (!policy.allowsLoopback()) {
        problems.add("url has a host that may not be called: loopback");
      }
      return;
    }
    boolean internal = host.indexOf('.') < 0 || INTERNAL.stream().anyMatch(host::endsWith);
    if (internal && !policy.allowsSpecial()) {
      problems.add("url has a host that may not be called: not a public name");
    }
  }
}
