package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.Access.Denied;
import dev.fanfare.dispatcher.egress.Access.Granted;
import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Blocked;
import dev.fanfare.dispatcher.egress.credential.BasicCredential;
import dev.fanfare.dispatcher.egress.credential.ClientCertificate;
import dev.fanfare.dispatcher.egress.credential.ClientGrant;
import dev.fanfare.dispatcher.egress.guard.AddressPolicy;
import dev.fanfare.dispatcher.egress.guard.GuardedDns;
import dev.fanfare.dispatcher.egress.guard.GuardedSocketFactory;
import dev.fanfare.dispatcher.egress.guard.Tunnel;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import java.net.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import okhttp3.ConnectionSpec;
import okhttp3.Dns;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;

/// Makes POSTs with OkHttp, on the calling thread.
///
/// What the client would do of its own accord is off: retries, redirects, cookies, proxies,
/// decompression and timeouts. One sweep ends what takes too long ([Deadlines]), each endpoint has
/// its own connections ([EndpointPools]), and every address is checked twice ([GuardedDns],
/// [GuardedSocketFactory]).
///
/// A POST is written once, with one exception, where the endpoint has said that it did nothing: an
/// access token that it takes for expired (401) is replaced, and the POST signed and sent anew.
public final class HttpEgress implements Egress {
  /// Besides the body: the head (the client stops at 256 KiB), TLS and the frames of chunks.
  private static final long OVERHEAD_BYTES = 512 * 1024;

  private static final int CHUNK_OVERHEAD = 8;
  private static final int UNAUTHORIZED = 401;

  private final String userAgent;
  private final InstantSource clock;
  private final AnswerReader answers;
  private final long mostBytes;
  private final OkHttpClient base;
  private final GuardedDns dns;
  private final EndpointPools pools;
  private final Deadlines deadlines;
  private final Caller caller;
  private final AccessTokens tokens;

  /// @param version of Fanfare, as the receiver reads it in `user-agent`
  public HttpEgress(EgressSettings settings, String version, InstantSource clock) {
    this(settings, version, clock, Dns.SYSTEM, UnaryOperator.identity());
  }

  /// @param tls what to trust
  HttpEgress(
      EgressSettings settings,
      String version,
      InstantSource clock,
      Dns resolver,
      UnaryOperator<OkHttpClient.Builder> tls) {
    this.userAgent = "Fanfare/" + version;
    this.clock = clock;
    answers = new AnswerReader(settings.readBytes(), settings.keptBytes());
    mostBytes = OVERHEAD_BYTES + (long) CHUNK_OVERHEAD * settings.readBytes();
    var policy = settings.policy();
    dns = new GuardedDns(policy, resolver, Caller::nanosLeft);
    var tunnel = settings.proxy().map(proxy -> proxy.tunnel(dns::resolve));
    base = tls.apply(client(settings, policy, dns, tunnel)).build();
    pools = new EndpointPools(base, policy, settings.pools(), tunnel, mostBytes);
    deadlines = new Deadlines(pools::forgetIdle);
    caller = new Caller(deadlines);
    tokens =
        new AccessTokens(
            new TokenServers(base, policy, caller, userAgent, mostBytes, clock), clock);
  }

  private static OkHttpClient.Builder client(
      EgressSettings settings, AddressPolicy policy, GuardedDns dns, Optional<Tunnel> tunnel) {
    return new OkHttpClient.Builder()
        .retryOnConnectionFailure(false)
        .fastFallback(false) // It would connect on threads of its own.
        .followRedirects(false)
        .followSslRedirects(false)
        .proxy(Proxy.NO_PROXY)
        .dns(dns)
        .addNetworkInterceptor(new LengthCheck())
        .socketFactory(new GuardedSocketFactory(policy, tunnel.orElse(null), Caller::received))
        .connectionSpecs(
            policy.allowHttp()
                ? List.of(ConnectionSpec.MODERN_TLS, ConnectionSpec.CLEARTEXT)
                : List.of(ConnectionSpec.MODERN_TLS))
        .connectTimeout(settings.connectTimeout())
        .callTimeout(Duration.ZERO)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO);
  }

  @Override
  public Reply post(Post post) {
    long started = System.nanoTime();
    var pool = pools.enter(post.endpoint(), post.url(), certificate(post));
    try {
      if (!pool.problems().isEmpty()) {
        return new Blocked(String.join("; ", pool.problems()), Reply.Sent.NOTHING);
      }
      if (post.credential().isEmpty()) {
        return send(post, pool, started, Optional.empty());
      }
      return switch (post.credential().get()) {
        case BasicCredential basic -> send(post, pool, started, Optional.of(basic.authorization()));
        case ClientCertificate _ -> send(post, pool, started, Optional.empty());
        case ClientGrant grant -> sendWithToken(post, pool, started, grant);
      };
    } finally {
      pool.leave();
    }
  }

  private static Optional<ClientCertificate> certificate(Post post) {
    return post.credential().isPresent()
            && post.credential().get() instanceof ClientCertificate certificate
        ? Optional.of(certificate)
        : Optional.empty();
  }

  private Reply sendWithToken(Post post, EndpointPool pool, long started, ClientGrant grant) {
    return switch (tokens.access(post, grant, started)) {
      case Denied(var reply) -> reply;
      case Granted token -> {
        var reply = send(post, pool, started, Optional.of(token.authorization()));
        yield isUnauthorized(reply) && tokens.refused(post, grant, token)
            ? sendWithNewToken(post, pool, started, grant)
            : reply;
      }
    };
  }

  private Reply sendWithNewToken(Post post, EndpointPool pool, long started, ClientGrant grant) {
    return switch (tokens.access(post, grant, started)) {
      case Denied(var reply) -> reply;
      case Granted token -> send(post, pool, started, Optional.of(token.authorization()));
    };
  }

  private static boolean isUnauthorized(Reply reply) {
    return reply instanceof Answered answered && answered.status() == UNAUTHORIZED;
  }

  private Reply send(Post post, EndpointPool pool, long started, Optional<String> authorization) {
    var call =
        new CallInFlight(
            pool.client().newCall(request(post, pool, authorization)),
            started,
            post.timeout().toNanos(),
            mostBytes,
            pool.allowance());
    try {
      return caller.make(call, answers);
    } finally {
      if (call.isMultiplexed() && (call.ending().isPresent() || call.call().isCanceled())) {
        // Ending a stream leaves its connection. One that is dead would swallow the next call, too,
        // and one whose answer has no end would go on with it.
        pools.retire(post.endpoint(), pool);
      }
    }
  }

  private Request request(Post post, EndpointPool pool, Optional<String> authorization) {
    var now = clock.instant();
    var fields = new ArrayList<String>(24);
    put(fields, "webhook-id", post.eventId());
    put(fields, "webhook-timestamp", Long.toString(now.getEpochSecond()));
    put(
        fields,
        "webhook-signature",
        StandardWebhooks.sign(post.keys(), post.eventId(), now, post.body()));
    put(fields, "content-type", post.contentType());
    put(fields, "user-agent", userAgent);
    put(fields, "webhook-attempt", Integer.toString(post.attempt()));
    post.traceparent()
        .filter(OwnHeaders::isValue)
        .ifPresent(traceparent -> put(fields, "traceparent", traceparent));
    put(fields, "accept-encoding", "identity"); // Or the client would ask for gzip and inflate it.
    authorization.ifPresent(value -> put(fields, "authorization", value));
    post.headers()
        .forEach((name, value) -> {
          if (OwnHeaders.maySend(name, value) && !isTaken(name, post)) {
            put(fields, name, value);
          }
        });
    return new Request.Builder()
        .url(pool.url())
        .headers(Headers.of(fields.toArray(String[]::new)))
        .post(new OneShotBody(post.body()))
        .build();
  }

  private static boolean isTaken(String name, Post post) {
    return post.credential().isPresent() && post.credential().get().sets(name);
  }

  private static void put(List<String> fields, String name, String value) {
    fields.add(name);
    fields.add(value);
  }

  /// Calls being made now.
  public int callsInFlight() {
    return deadlines.size();
  }

  /// Open connections, used and unused.
  public int openConnections() {
    return pools.connections();
  }

  /// Endpoints that connections are kept for.
  public int endpoints() {
    return pools.size();
  }

  /// Ends the calls being made, as [Reply.Fault#CANCELLED], and every later one; closes the
  /// connections.
  @Override
  public void close() {
    deadlines.close();
    pools.close();
    base.connectionPool().evictAll();
    base.dispatcher().executorService().shutdown();
    dns.close();
  }
}
