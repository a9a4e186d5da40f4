package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.guard.AddressPolicy;
import dev.fanfare.dispatcher.egress.guard.GuardedDns;
import dev.fanfare.dispatcher.egress.guard.GuardedSocketFactory;
import java.io.IOException;
import java.net.Proxy;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import okhttp3.ConnectionSpec;
import okhttp3.Dns;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Fetches small public things that another's message names, such as a certificate: over TLS, from
/// addresses that the policy allows, following nothing, within bounds of time and size.
public final class GuardedGet implements Fetch, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedGet.class);
  private static final Duration WITHIN = Duration.ofSeconds(5);

  private final OkHttpClient client;
  private final GuardedDns dns;

  public GuardedGet(EgressSettings settings) {
    var policy = new AddressPolicy(false, settings.policy().allowed());
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
            .connectionSpecs(List.of(ConnectionSpec.MODERN_TLS))
            .connectTimeout(settings.connectTimeout())
            .callTimeout(WITHIN)
            .build();
  }

  @Override
  public Got get(URI address, int mostBytes) {
    try (var response =
            client.newCall(new Request.Builder().url(address.toString()).build()).execute();
        var content = response.body().byteStream()) {
      var bytes = content.readNBytes(mostBytes + 1);
      return bytes.length > mostBytes
          ? new Got.Failed("it has more than " + mostBytes + " bytes")
          : new Got.Content(response.code(), ByteBuffer.wrap(bytes));
    } catch (IOException e) {
      LOG.warn("nothing was fetched from {}: {}", address.getHost(), e.toString());
      return new Got.Failed(e.getClass().getSimpleName());
    } catch (IllegalArgumentException e) {
      return new Got.Failed("it is no address to fetch from");
    }
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
    dns.close();
  }
}
