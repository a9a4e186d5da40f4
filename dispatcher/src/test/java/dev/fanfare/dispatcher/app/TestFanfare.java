package dev.fanfare.dispatcher.app;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.dispatcher.api.Routes;
import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.sealing.Keyset;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Map;
import java.util.Set;

/// A dispatcher with topics of its own, and somebody who calls its API.
public final class TestFanfare implements AutoCloseable {
  public static final String KEY = "the-key-of-the-tests";

  /// The section `secrets`, as YAML: the same keyset for all dispatchers of a run.
  public static final String SECRETS = secrets(Keyset.create());

  private static final ObjectMapper JSON = new ObjectMapper();

  private final FanfareConfig config;
  private final Fanfare fanfare;
  private final HttpClient http = HttpClient.newHttpClient();

  private TestFanfare(FanfareConfig config, Fanfare fanfare) {
    this.config = config;
    this.fanfare = fanfare;
  }

  /// With the API alone, a registry in memory, and a key.
  public static TestFanfare withApi(String bootstrap, String prefix) {
    return start(config(bootstrap, prefix, "api_key: " + KEY), Set.of(Role.API));
  }

  public static TestFanfare start(FanfareConfig config, Set<Role> roles) {
    try (var admin = TopicAdmin.connect(config.kafka())) {
      var _ = admin.createMissing(TopicPlan.of(config.topics(), config.ladder()));
    }
    return startOn(config, roles);
  }

  /// On topics that are there.
  static TestFanfare startOn(FanfareConfig config, Set<Role> roles) {
    return new TestFanfare(config, Fanfare.start(config, roles));
  }

  /// @param api more of the section `api`, as YAML between braces
  public static FanfareConfig config(String bootstrap, String prefix, String api) {
    return config(bootstrap, prefix, api, "");
  }

  /// @param more sections, as YAML
  public static FanfareConfig config(String bootstrap, String prefix, String api, String more) {
    var yaml =
        """
        kafka: {bootstrap.servers: "%s"}
        schema_registry: {schema.registry.url: "mock://%s"}
        topics: {prefix: %s, input: in-%sevents, partitions: 2}
        retry: {ladder: [5s, 30s]}
        egress: {allow_http: true, allowed_networks: [127.0.0.0/8]}
        api: {port: 0, write_timeout: 2s, %s}
        """
            .formatted(bootstrap, prefix.replace(".", ""), prefix, prefix, api);
    var secrets = more.contains("secrets:") ? "" : SECRETS;
    return FanfareConfig.load(ConfigFile.of("test.yaml", yaml + secrets + more), Map.of());
  }

  public static String secrets(Keyset keyset) {
    return "secrets: {keyset: '" + keyset.reveal().replace("\n", "") + "'}\n";
  }

  public FanfareConfig config() {
    return config;
  }

  public int port() {
    return fanfare.port();
  }

  public Routes routes() {
    return fanfare.routes();
  }

  public String url() {
    return "http://127.0.0.1:" + port();
  }

  /// What came back.
  public record Reply(HttpResponse<byte[]> response) {
    public int status() {
      return response.statusCode();
    }

    public String header(String name) {
      return response.headers().firstValue(name).orElse("");
    }

    public String text() {
      return new String(response.body(), UTF_8);
    }

    public JsonNode json() {
      try {
        return JSON.readTree(text());
      } catch (JsonProcessingException e) {
        throw new IllegalStateException("no JSON: " + text(), e);
      }
    }
  }

  public Reply get(String path) {
    return send("GET", path, "");
  }

  public Reply post(String path, String json, String... headers) {
    return send(
        request(path)
            .headers(headers.length == 0 ? new String[] {"X-None", "-"} : headers)
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  public Reply send(String method, String path, String body) {
    return send(request(path).method(method, BodyPublishers.ofString(body)));
  }

  /// With the key.
  public HttpRequest.Builder request(String path) {
    return anonymous(path).header("Authorization", "Bearer " + KEY);
  }

  /// With another key.
  public HttpRequest.Builder request(String path, String key) {
    return anonymous(path).header("Authorization", "Bearer " + key);
  }

  public HttpRequest.Builder anonymous(String path) {
    return HttpRequest.newBuilder(URI.create(url() + path)).timeout(Duration.ofSeconds(30));
  }

  public Reply send(HttpRequest.Builder request) {
    try {
      return new Reply(http.send(request.build(), BodyHandlers.ofByteArray()));
    } catch (IOException e) {
      throw new IllegalStateException("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// The status alone, of answers too that never end.
  public int status(HttpRequest.Builder request) {
    try {
      var response = http.send(request.build(), BodyHandlers.ofInputStream());
      response.body().close();
      return response.statusCode();
    } catch (IOException e) {
      throw new IllegalStateException("no answer", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() {
    http.close();
    fanfare.close();
  }
}
