package dev.fanfare.bench.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.URLDecoder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.function.Function;

/// How a child process is told what to do and asked what came of it: a few paths over HTTP on the
/// loopback address, apart from what is measured.
public final class ControlServer {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;

  private ControlServer(HttpServer server) {
    this.server = server;
  }

  public static ControlServer on(int port) {
    try {
      var server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
      var control = new ControlServer(server);
      control.answer("/ready", _ -> Map.of());
      return control;
    } catch (IOException e) {
      throw new UncheckedIOException("no control on port " + port, e);
    }
  }

  /// @param reply makes the answer, which is written as JSON, out of the query
  public void answer(String path, Function<Map<String, String>, Map<String, Object>> reply) {
    server.createContext(
        path,
        exchange -> {
          try (exchange) {
            byte[] body;
            int status = 200;
            try {
              body = JSON.writeValueAsBytes(reply.apply(query(exchange.getRequestURI())));
            } catch (RuntimeException e) {
              body = String.valueOf(e).getBytes(UTF_8); // the asker ends the run with it
              status = 500;
            }
            exchange.sendResponseHeaders(status, body.length);
            exchange.getResponseBody().write(body);
          }
        });
  }

  /// From now on it answers, until the process ends.
  public void start() {
    server.start();
  }

  private static Map<String, String> query(URI uri) {
    var all = new HashMap<String, String>();
    for (var pair : Optional.ofNullable(uri.getRawQuery()).orElse("").split("&", -1)) {
      int at = pair.indexOf('=');
      if (at > 0) {
        all.put(pair.substring(0, at), URLDecoder.decode(pair.substring(at + 1), UTF_8));
      }
    }
    return all;
  }
}
