package dev.fanfare.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The REST API as a customer's program uses it, on a dispatcher that asks for no key. Thread-safe.
public final class ApiClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final URI address;

  public ApiClient(URI address) {
    this.address = address;
  }

  /// What the API says, and how it says it.
  ///
  /// @param body missing where there is none
  public record Said(int status, JsonNode body) {
    public boolean isGood() {
      return status / 100 == 2;
    }
  }

  public Said get(String path) throws IOException {
    return send("GET", path, null);
  }

  public Said post(String path, Object body) throws IOException {
    return send("POST", path, body);
  }

  public Said delete(String path) throws IOException {
    return send("DELETE", path, null);
  }

  /// All items of a list, page by page.
  ///
  /// @throws IOException if the API refuses a page
  public List<JsonNode> list(String path) throws IOException {
    var items = new ArrayList<JsonNode>();
    var next = Optional.of(path);
    while (next.isPresent()) {
      var page = get(next.get());
      if (!page.isGood()) {
        throw new IOException("GET " + next.get() + " is answered with " + page);
      }
      page.body().path("items").forEach(items::add);
      next =
          Optional.ofNullable(page.body().path("next_cursor").textValue())
              .map(cursor -> path + (path.contains("?") ? "&" : "?") + "cursor=" + cursor);
    }
    return items;
  }

  private Said send(String method, String path, @Nullable Object body) throws IOException {
    var request = HttpRequest.newBuilder(address.resolve(path)).timeout(PATIENCE);
    if (body == null) {
      request.method(method, BodyPublishers.noBody());
    } else {
      request
          .header("content-type", "application/json")
          .method(method, BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body)));
    }
    try {
      var response = http.send(request.build(), BodyHandlers.ofByteArray());
      return new Said(response.statusCode(), json(response.body()));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + method + " " + path, e);
    }
  }

  private static JsonNode json(byte[] body) throws IOException {
    return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
  }
}
