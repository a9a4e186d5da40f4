package dev.fanfare.dispatcher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/// The REST API from outside. What it refuses becomes a [CommandFailed] that says what it said.
final class ApiClient implements AutoCloseable {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(40);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(CONNECT).build();
  private final URI base;
  private final Optional<String> apiKey;

  private ApiClient(URI base, Optional<String> apiKey) {
    this.base = base;
    this.apiKey = apiKey;
  }

  /// @throws CommandFailed if the URL is none
  static ApiClient of(ClientOptions options) {
    URI base;
    try {
      base = URI.create(options.url().replaceAll("/+$", ""));
    } catch (IllegalArgumentException e) {
      throw new CommandFailed(ExitCode.USAGE, "--url is no URL: " + options.url(), e);
    }
    if (!"http".equals(base.getScheme()) && !"https".equals(base.getScheme())) {
      throw new CommandFailed(ExitCode.USAGE, "--url must begin with http:// or https://");
    }
    return new ApiClient(base, options.apiKey());
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8).replace("+", "%20");
  }

  JsonNode get(String path) {
    return send(request(path).GET());
  }

  /// All of a list, however many pages it has.
  List<JsonNode> list(String path, Map<String, String> query) {
    var items = new ArrayList<JsonNode>();
    var cursor = "";
    do {
      var address = new StringBuilder(path).append("?limit=200");
      query.forEach(
          (name, value) -> address.append('&').append(name).append('=').append(encoded(value)));
      if (!cursor.isEmpty()) {
        address.append("&cursor=").append(encoded(cursor));
      }
      var page = get(address.toString());
      page.path("items").forEach(items::add);
      cursor = page.path("next_cursor").asText("");
    } while (!cursor.isEmpty() && !cursor.equals("null"));
    return items;
  }

  JsonNode patch(String path, JsonNode patch) {
    return send(
        request(path)
            .header("Content-Type", "application/merge-patch+json")
            .method("PATCH", BodyPublishers.ofString(patch.toString())));
  }

  /// Not done twice, should the answer get lost and the request come again.
  JsonNode post(String path, JsonNode body) {
    return send(
        request(path)
            .header("Content-Type", "application/json")
            .header("Idempotency-Key", UUID.randomUUID().toString())
            .POST(BodyPublishers.ofString(body.toString())));
  }

  /// Lines that are read while they are sent, for as long as it takes. Asks first whether they are
  /// wanted: who is refused need not send them.
  JsonNode postLines(String path, InputStream lines, String key) {
    return send(
        HttpRequest.newBuilder(URI.create(base + path))
            .expectContinue(true)
            .header("Content-Type", "application/x-ndjson")
            .header("Idempotency-Key", key)
            .POST(BodyPublishers.ofInputStream(() -> lines)));
  }

  void delete(String path) {
    send(request(path).DELETE());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + path)).timeout(ANSWER);
  }

  private JsonNode send(HttpRequest.Builder request) {
    apiKey.ifPresent(key -> request.header("Authorization", "Bearer " + key));
    try {
      var response = http.send(request.build(), BodyHandlers.ofString());
      if (response.statusCode() / 100 == 2) {
        return response.body().isEmpty() ? JSON.nullNode() : JSON.readTree(response.body());
      }
      throw refused(response);
    } catch (JsonProcessingException e) {
      throw new CommandFailed(
          ExitCode.FAILED, "the server at " + base + " does not answer as Fanfare does", e);
    } catch (IOException e) {
      throw new CommandFailed(
          ExitCode.UNAVAILABLE, "no answer from " + base + "; is Fanfare running there?", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailed(ExitCode.FAILED, "interrupted", e);
    }
  }

  private CommandFailed refused(HttpResponse<String> response) {
    int status = response.statusCode();
    var exitCode = status == 503 ? ExitCode.UNAVAILABLE : ExitCode.FAILED;
    try {
      var problem = JSON.readTree(response.body());
      var errors =
          StreamSupport.stream(problem.path("errors").spliterator(), false)
              .map(it -> "\n" + shown(it))
              .collect(Collectors.joining());
      var hint =
          switch (status) {
            case 401 -> " (--api-key or FANFARE_API_KEY)";
            case 403 -> " (another key may: --api-key or FANFARE_API_KEY)";
            default -> "";
          };
      return new CommandFailed(
          exitCode,
          problem.path("title").asText("refused with " + status)
              + ": "
              + problem.path("detail").asText()
              + hint
              + settled(problem)
              + errors);
    } catch (JsonProcessingException e) {
      return new CommandFailed(exitCode, base + " answers with " + status, e);
    }
  }

  private static String settled(JsonNode problem) {
    return problem.path("accepted").asLong() > 0
        ? "\nKafka has %d events; all lines up to %d are settled"
            .formatted(problem.path("accepted").asLong(), problem.path("through_line").asLong())
        : "";
  }

  /// What is wrong, and where.
  static String shown(JsonNode error) {
    var line = error.has("line") ? "line " + error.path("line").asLong() + " " : "";
    return "  "
        + (line + error.path("pointer").asText()).strip()
        + " "
        + error.path("detail").asText();
  }

  @Override
  public void close() {
    http.close();
  }
}
