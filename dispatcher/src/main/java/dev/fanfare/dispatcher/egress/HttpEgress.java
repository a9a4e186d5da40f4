package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.Reply.Blocked;
import dev.fanfare.dispatcher.egress.guard.AddressPolicy;
import dev.fanfare.dispatcher.egress.guard.GuardedDns;
import dev.fanfare.dispatcher.egress.guard.GuardedSocketFactory;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Proxy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import okhttp3.ConnectionSpec;
import okhttp3.Dns;
import okhttp3.Headers;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes POSTs with OkHttp, on the calling thread.
///
/// What the client would do of its own accord is off: retries, redirects, cookies, proxies,
/// decompression and timeouts. One sweep ends what takes too long ([Deadlines]), each endpoint has
/// its own connections ([EndpointPools]), and every address is checked twice ([GuardedDns],
/// [GuardedSocketFactory]).
public final class HttpEgress implements Egress {
  private static final Logger LOG = LoggerFactory.getLogger(HttpEgress.class);

  /// Besides the body: the head (the client stops at 256 KiB), TLS and the frames of chunks.
  private static final long OVERHEAD_BYTES = 512 * 1024;

  private static final int CHUNK_OVERHEAD = 8;

  /// The call that a thread is making, for those the client calls without saying whose call it is.
  private static final ScopedValue<CallInFlight> CALL = ScopedValue.newInstance();

  private final String userAgent;
  private final InstantSource clock;
  private final AnswerReader answers;
  private final long mostBytes;
  private final OkHttpClient base;
  private final GuardedDns dns;
  private final EndpointPools pools;
  private final Deadlines deadlines;

  /// @param version of Fanfare, as the receiver reads it in `user-agent`
  public HttpEgress(EgressSettings settings, String version, InstantSource clock) {
    this(settings, version, clock, Dns.SYSTEM, UnaryOperator.identity());
  }

  /// @param tls what to trust and, one day, which certificate to show
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
    dns = new GuardedDns(policy, resolver, () -> CALL.get().nanosLeft());
    base = tls.apply(client(settings, policy, dns)).build();
    pools = new EndpointPools(base, policy, settings.pools());
    deadlines = new Deadlines(pools::forgetIdle);
  }

  private static OkHttpClient.Builder client(
      EgressSettings settings, AddressPolicy policy, GuardedDns dns) {
    return new OkHttpClient.Builder()
        .retryOnConnectionFailure(false)
        .fastFallback(false) // It would connect on threads of its own.
        .followRedirects(false)
        .followSslRedirects(false)
        .proxy(Proxy.NO_PROXY)
        .dns(dns)
        .socketFactory(new GuardedSocketFactory(policy, HttpEgress::count))
        .connectionSpecs(
            policy.allowHttp()
                ? List.of(ConnectionSpec.MODERN_TLS, ConnectionSpec.CLEARTEXT)
                : List.of(ConnectionSpec.MODERN_TLS))
        .connectTimeout(settings.connectTimeout())
        .callTimeout(Duration.ZERO)
        .readTimeout(Duration.ZERO)
        .writeTimeout(Duration.ZERO);
  }

  /// HTTP/2 is read by a thread of the connection, which is nobody's call; there flow control and
  /// the limit on header lists bound what is held.
  private static void count(int bytes) throws ProtocolException {
    if (CALL.isBound()) {
      CALL.get().received(bytes);
    }
  }

  @Override
  public Reply post(Post post) {
    long started = System.nanoTime();
    var pool = pools.enter(post.endpoint(), post.url());
    try {
      var call =
          new CallInFlight(
              pool.client().newCall(request(post, pool)),
              started,
              post.timeout().toNanos(),
              mostBytes);
      if (!pool.problems().isEmpty()) {
        return new Blocked(String.join("; ", pool.problems()), call.sent());
      }
      call.call().addEventListener(call);
      deadlines.add(call);
      try {
        return make(call);
      } finally {
        deadlines.remove(call);
        if (call.isMultiplexed() && call.ending().isPresent()) {
          // Ending a stream leaves its connection, and a dead one would swallow the next call, too.
          pools.retire(post.endpoint(), pool);
        }
      }
    } finally {
      pool.leave();
    }
  }

  private Reply make(CallInFlight call) {
    try {
      return ScopedValue.where(CALL, call).call(() -> exchange(call));
    } catch (IOException e) {
      return Faults.reply(e, call);
    } catch (RuntimeException e) {
      call.call().cancel();
      LOG.warn("A POST failed in the HTTP client while {}", call.phase().words(), e);
      return Faults.broken(e, call);
    }
  }

  private Reply exchange(CallInFlight call) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted before it began");
    }
    Response response;
    try {
      response = call.call().execute();
    } catch (ProtocolException e) {
      // The client takes a 407 without a proxy, and a 204 with a body, for no answer. We do not.
      var head = call.head();
      if (head.isEmpty()) {
        throw e;
      }
      return answers.headOf(head.get(), call);
    }
    return answers.read(response, call);
  }

  private Request request(Post post, EndpointPool pool) {
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
    post.headers()
        .forEach((name, value) -> {
          if (OwnHeaders.maySend(name, value)) {
            put(fields, name, value);
          }
        });
    return new Request.Builder()
        .url(pool.url())
        .headers(Headers.of(fields.toArray(String[]::new)))
        .post(new OneShotBody(post.body()))
        .build();
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
