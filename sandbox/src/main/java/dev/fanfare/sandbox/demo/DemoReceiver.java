package dev.fanfare.sandbox.demo;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Four endpoints on the loopback address, from model customer to problem child.
public final class DemoReceiver implements AutoCloseable {
  /// Answers 204 at once.
  public static final String PROMPT = "/crm";

  /// Answers 204 after 40 to 400 ms.
  public static final String SLOW = "/warehouse";

  /// Answers 503 to three of ten POSTs.
  public static final String FAILING_AT_TIMES = "/legacy";

  /// Answers 429 with `Retry-After` to one of five POSTs.
  public static final String THROTTLING = "/analytics";

  private static final Duration STOP_WITHIN = Duration.ofSeconds(1);

  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final CountDownLatch first = new CountDownLatch(1);

  private DemoReceiver(HttpServer server) {
    this.server = server;
  }

  /// Starts on a port that the file remembers, so that subscriptions to it stay right; on another
  /// if that one is taken.
  public static DemoReceiver start(Path memory) throws IOException {
    var receiver = start(remembered(memory));
    Files.writeString(memory, Integer.toString(receiver.server.getAddress().getPort()));
    return receiver;
  }

  private static int remembered(Path memory) throws IOException {
    if (!Files.exists(memory)) {
      return 0;
    }
    var text = Files.readString(memory).strip();
    return text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
  }

  private static DemoReceiver start(int preferred) throws IOException {
    var receiver = new DemoReceiver(bind(preferred));
    receiver.serve(PROMPT, exchange -> 204);
    receiver.serve(SLOW, exchange -> afterAWhile());
    receiver.serve(FAILING_AT_TIMES, exchange -> happens(30) ? 503 : 204);
    receiver.serve(THROTTLING, DemoReceiver::perhapsLater);
    receiver.server.setExecutor(receiver.threads);
    receiver.server.start();
    return receiver;
  }

  private static HttpServer bind(int preferred) throws IOException {
    var loopback = InetAddress.getLoopbackAddress();
    try {
      return HttpServer.create(new InetSocketAddress(loopback, preferred), 0);
    } catch (BindException e) {
      return HttpServer.create(new InetSocketAddress(loopback, 0), 0);
    }
  }

  /// Which status an exchange is answered with.
  private interface Answer {
    int to(HttpExchange exchange);
  }

  private void serve(String path, Answer answer) {
    HttpHandler handler =
        exchange -> {
          try (exchange) {
            exchange.getRequestBody().transferTo(OutputStream.nullOutputStream());
            exchange.sendResponseHeaders(answer.to(exchange), -1);
            first.countDown();
          }
        };
    server.createContext(path, handler);
  }

  private static int afterAWhile() {
    LockSupport.parkNanos(
        Duration.ofMillis(40 + ThreadLocalRandom.current().nextLong(360)).toNanos());
    return 204;
  }

  private static int perhapsLater(HttpExchange exchange) {
    if (!happens(20)) {
      return 204;
    }
    exchange.getResponseHeaders().add("Retry-After", "10");
    return 429;
  }

  private static boolean happens(int percent) {
    return ThreadLocalRandom.current().nextInt(100) < percent;
  }

  /// Whether a first POST has been answered within the time.
  public boolean awaitFirst(Duration within) throws InterruptedException {
    return first.await(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  /// Where one of its endpoints is.
  public String url(String path) {
    return "http://127.0.0.1:" + server.getAddress().getPort() + path;
  }

  @Override
  public void close() {
    server.stop((int) STOP_WITHIN.toSeconds());
    threads.shutdownNow();
  }
}
