package dev.fanfare.bench.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;
import java.util.stream.Collectors;

/// Asks a child's [ControlServer], or any other server on the loopback address, and is patient.
public final class ControlClient {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final int port;

  public ControlClient(int port) {
    this.port = port;
  }

  /// Whether it answers.
  public boolean isReady() {
    return isGood("/ready");
  }

  /// Whether the page is there and says that all is well.
  public boolean isGood(String path) {
    try {
      return get(path).statusCode() == 200;
    } catch (IOException e) {
      return false; // not yet: that's the answer
    }
  }

  /// @throws UncheckedIOException if it is not there, or says that something went wrong
  public JsonNode ask(String path, Map<String, ?> query) {
    var words =
        query.entrySet().stream()
            .map(it -> it.getKey() + "=" + URLEncoder.encode("" + it.getValue(), UTF_8))
            .collect(Collectors.joining("&"));
    try {
      return JSON.readTree(text(words.isEmpty() ? path : path + "?" + words));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The page as text.
  public String text(String path) {
    try {
      return good(path, get(path)).body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// POSTs JSON and returns what is answered.
  public JsonNode post(String path, Object body) {
    try {
      var json = BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body));
      var request = request(path).header("content-type", "application/json").POST(json);
      return JSON.readTree(good(path, send(request)).body());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public void delete(String path) {
    try {
      var _ = good(path, send(request(path).DELETE()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private HttpResponse<String> get(String path) throws IOException {
    return send(request(path));
  }

  private static HttpResponse<String> good(String path, HttpResponse<String> response)
      throws IOException {
    if (response.statusCode() / 100 != 2) {
      throw new IOException(
          path + " is answered with " + response.statusCode() + " " + response.body());
    }
    return response;
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
  }

  private static HttpResponse<String> send(HttpRequest.Builder wanted) throws IOException {
    var request = wanted.build();
    try {
      return HTTP.send(request, BodyHandlers.ofString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while waiting for " + request.uri(), e);
    }
  }
}
