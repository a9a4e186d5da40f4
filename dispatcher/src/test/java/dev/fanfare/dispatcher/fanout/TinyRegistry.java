package dev.fanfare.dispatcher.fanout;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// As much of a schema registry as fan-out asks for, over HTTP, so that other processes can ask it
/// and it can be away.
final class TinyRegistry implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BY_ID = "/schemas/ids/";

  private final List<String> schemas = new ArrayList<>();
  private final HttpServer server;
  private volatile boolean away;

  TinyRegistry() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void away(boolean now) {
    away = now;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var asked = JSON.readTree(exchange.getRequestBody());
      int status = away ? 401 : 200;
      Map<String, Object> answer = away ? Map.of("error_code", 401, "message", "away") : Map.of();
      if (!away) {
        var path = exchange.getRequestURI().getPath();
        answer =
            path.startsWith(BY_ID)
                ? Map.of("schema", schema(Integer.parseInt(path.substring(BY_ID.length()))))
                : Map.of("id", id(asked.get("schema").asText()));
      }
      byte[] body = JSON.writeValueAsString(answer).getBytes(UTF_8);
      exchange.getResponseHeaders().add("content-type", "application/vnd.schemaregistry.v1+json");
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private synchronized String schema(int id) {
    return schemas.get(id - 1);
  }

  private synchronized int id(String schema) {
    if (!schemas.contains(schema)) {
      schemas.add(schema);
    }
    return schemas.indexOf(schema) + 1;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
