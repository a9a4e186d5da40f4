package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.guard.AddressPolicy;
import dev.fanfare.dispatcher.egress.guard.GuardedDns;
import dev.fanfare.dispatcher.egress.guard.GuardedSocketFactory;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import okhttp3.ConnectionSpec;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes `OPTIONS` calls to addresses that the policy allows, following nothing, within bounds of
/// time; of the answer only the head is read.
public final class GuardedOptions implements Preflight, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedOptions.class);
  private static final Duration WITHIN = Duration.ofSeconds(10);

  private final AddressPolicy policy;
  private final OkHttpClient client;
  private final GuardedDns dns;

  public GuardedOptions(EgressSettings settings) {
    policy = settings.policy();
    dns = new GuardedDns(policy, Dns.SYSTEM, WITHIN::toNanos);
    var tunnel = settings.proxy().map(proxy -> proxy.tunnel(dns::resolve));
    client =
        new OkHttpClient.Builder()
            .retryOnConnectionFailure(false)
            .fastFallback(false)
            .followRedirects(false)
            .followSslRedirects(false)
            .proxy(Proxy.NO_PROXY)
            .dns(dns)
            .addNetworkInterceptor(new LengthCheck())
            .socketFactory(new GuardedSocketFactory(policy, tunnel.orElse(null), _ -> {}))
            .connectionSpecs(
                policy.allowHttp()
                    ? List.of(ConnectionSpec.MODERN_TLS, ConnectionSpec.CLEARTEXT)
                    : List.of(ConnectionSpec.MODERN_TLS))
            .connectTimeout(settings.connectTimeout())
            .callTimeout(WITHIN)
            .build();
  }

  @Override
  public Consent ask(URI url, Map<String, String> headers) {
    var problems = policy.checkUrl(url.toString());
    if (!problems.isEmpty()) {
      return new Consent.Unanswered("the URL is not called: " + String.join("; ", problems));
    }
    var request = new Request.Builder().url(url.toString()).method("OPTIONS", null);
    headers.forEach(request::header);
    try (var response = client.newCall(request.build()).execute()) {
      var fields = new HashMap<String, String>();
      response
          .headers()
          .forEach(it -> fields.put(it.getFirst().toLowerCase(Locale.ROOT), it.getSecond()));
      return new Consent.Answered(response.code(), fields);
    } catch (IOException e) {
      LOG.info("{} did not answer an OPTIONS: {}", url.getHost(), e.toString());
      return new Consent.Unanswered("no answer (" + e.getClass().getSimpleName() + ")");
    }
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
    dns.close();
  }
}
