package dev.fanfare.dispatcher.api;

import dev.fanfare.dispatcher.access.AccessTable;
import dev.fanfare.dispatcher.access.Admission;
import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.access.KeyText;
import dev.fanfare.dispatcher.api.exchange.Access;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Problem;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets in who has a key that may do what is asked, and not too often. Keys are compared by their
/// digests, in a time that tells nothing.
final class Gate {
  private static final Logger LOG = LoggerFactory.getLogger(Gate.class);
  private static final String SCHEME = "bearer ";
  private static final int NETWORK = 8;

  private final Optional<byte[]> bootstrap;
  private final Optional<Sessions> sessions;
  private final boolean open;
  private final AccessTable table;
  private final RateLimit byAddress;
  private final RateLimit byKey;
  private final InstantSource clock;
  private final LongSupplier nanos;

  Gate(AccessSettings settings, AccessTable table, InstantSource clock, LongSupplier nanos) {
    this.bootstrap = settings.apiKey().map(KeyText::hash);
    this.sessions = settings.apiKey().map(Sessions::new);
    this.open = settings.open();
    this.table = table;
    this.byAddress = new RateLimit(settings.limits().perAddress());
    this.byKey = new RateLimit(settings.limits().perKey());
    this.clock = clock;
    this.nanos = nanos;
  }

  /// Before anything is looked at that costs more than this.
  ///
  /// @throws ApiProblem 429 if too many requests come from there
  void checkRate(InetAddress client) {
    if (!open && !byAddress.admits(network(client), nanos.getAsLong())) {
      throw new ApiProblem(Problem.tooManyRequests("too many requests from this address"));
    }
  }

  /// @throws ApiProblem 401 without a key; 403 if the key may not do this, or an open API is
  ///   reached under a foreign name; 429 if the key is used too often
  Caller admit(Access access, Call call) {
    if (!access.needsKey()) {
      return call.caller();
    }
    if (open) {
      checkName(call);
      checkOrigin(call);
      return Caller.ANYBODY;
    }
    var caller = caller(call);
    if (!byKey.admits(caller.key(), nanos.getAsLong())) {
      throw new ApiProblem(Problem.tooManyRequests("too many requests with this key"));
    }
    if (!access.allows(caller)) {
      throw new ApiProblem(
          Problem.forbidden("a key of the role " + caller.role().code() + " may not do this"));
    }
    return caller;
  }

  /// A session of the dashboard.
  ///
  /// @param cookie empty where no key is asked for
  record Begun(Caller caller, String cookie) {}

  /// @param key as its owner typed it
  /// @throws ApiProblem 401 if it is not valid
  Begun begin(String key) {
    if (open) {
      return new Begun(Caller.ANYBODY, "");
    }
    var caller = byKey(key.strip());
    var cookie = sessions.map(it -> it.begin(caller.key(), clock.instant())).orElse("");
    return new Begun(caller, cookie);
  }

  private Caller caller(Call call) {
    var header = call.header("authorization").orElse("");
    if (header.isEmpty()) {
      return bySession(call)
          .orElseThrow(
              () -> new ApiProblem(Problem.unauthorized("send Authorization: Bearer <api key>")));
    }
    boolean bearer = header.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
    return byKey(bearer ? header.substring(SCHEME.length()).strip() : "");
  }

  /// Empty without a session. A browser sends its cookie whoever makes it call; so who writes has
  /// to be our own page.
  private Optional<Caller> bySession(Call call) {
    var now = clock.instant();
    var key = sessions.flatMap(it -> it.key(call, now));
    if (key.isEmpty()) {
      return Optional.empty();
    }
    if (!Sessions.isOurPage(call)) {
      throw new ApiProblem(
          Problem.forbidden("with a session only the dashboard's own page may change anything"));
    }
    if (key.get().equals(Caller.BOOTSTRAP.key())) {
      return Optional.of(Caller.BOOTSTRAP); // the session would not be ours under another key
    }
    return Optional.of(admitted(Admission.ofShown(key.get(), table, now), key.get()));
  }

  private Caller byKey(String text) {
    if (bootstrap.isPresent() && MessageDigest.isEqual(bootstrap.get(), KeyText.hash(text))) {
      return Caller.BOOTSTRAP;
    }
    var admission = Admission.of(text, table, clock.instant());
    return admitted(admission, KeyText.id(text).orElse("(none)"));
  }

  private static Caller admitted(Admission admission, String key) {
    return switch (admission) {
      case Admission.Admitted(var caller) -> caller;
      case Admission.Disabled() ->
          throw new ApiProblem(Problem.forbidden("the key's tenant is disabled"));
      case Admission.Unknown(var why) -> {
        LOG.debug("refused key {}: {}", key, why);
        throw new ApiProblem(Problem.unauthorized("the API key is not valid"));
      }
    };
  }

  /// Without keys a page in the developer's browser could reach us through a name that it lets
  /// point to this machine (DNS rebinding).
  private static void checkName(Call call) {
    var host = call.header("host").orElse("").replaceFirst(":\\d+$", "");
    if (!ApiSettings.isLoopback(host)) {
      throw new ApiProblem(
          Problem.forbidden("an API without keys answers to localhost only, not to another name"));
    }
  }

  /// Nor may any other page in that browser write, which needs no name to reach us.
  private static void checkOrigin(Call call) {
    if (!Sessions.isNoForeignPage(call)) {
      throw new ApiProblem(
          Problem.forbidden("an API without keys takes nothing from another site's page"));
    }
  }

  /// One who has an IPv6 address has 2^64 of them.
  static String network(InetAddress client) {
    var address = client.getAddress();
    return HexFormat.of()
        .formatHex(client instanceof Inet6Address ? Arrays.copyOf(address, NETWORK) : address);
  }
}
