package dev.fanfare.testkit.receiver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.X509TrustManager;

/// A receiver that behaves: HTTP/1.1 with keep-alive, answers by a script, remembers what arrived.
/// Good for some ten thousand requests a second. Thread-safe.
///
/// ```java
/// try (var receiver = Receiver.start()) {
///   receiver.answerInOrder(Answer.status(503), Answer.OK);
///   ...
///   var requests = receiver.await(2, Duration.ofSeconds(5));
/// }
/// ```
public final class Receiver implements AutoCloseable {
  private static final int KEPT = 10_000;

  private final String scheme;
  private final Listener listener;
  private volatile Function<Received, Answer> script = _ -> Answer.OK;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Deque<Received> kept = new ArrayDeque<>();
  private int keep = KEPT;
  private long count;

  private Receiver(String scheme, ServerSocket unbound) {
    this.scheme = scheme;
    listener = Listener.start(unbound, this::serve);
  }

  /// On `http`, answering 200 to everything until told otherwise.
  public static Receiver start() {
    try {
      return new Receiver("http", new ServerSocket());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same on `https`.
  public static Receiver start(TestCertificate certificate) {
    try {
      return new Receiver(
          "https", certificate.serverContext().getServerSocketFactory().createServerSocket());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The same, for a client only that shows the other certificate.
  public static Receiver start(TestCertificate certificate, TestCertificate client) {
    try {
      var server =
          (SSLServerSocket)
              certificate
                  .serverContext(new X509TrustManager[] {client.trust()})
                  .getServerSocketFactory()
                  .createServerSocket();
      server.setNeedClientAuth(true);
      return new Receiver("https", server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// What is said from now on; called on the connection's thread, by several at the same time.
  public void answer(Function<Received, Answer> script) {
    this.script = script;
  }

  public void answer(Answer always) {
    script = _ -> always;
  }

  /// One after the other, the last of them for ever.
  public void answerInOrder(Answer... answers) {
    var order = List.of(answers);
    var next = new AtomicInteger();
    script = _ -> order.get(Math.min(next.getAndIncrement(), order.size() - 1));
  }

  /// How many requests are remembered, the newest; 10,000 until told otherwise. All are counted.
  public void keep(int requests) {
    lock.lock();
    try {
      keep = requests;
      trim();
    } finally {
      lock.unlock();
    }
  }

  public int port() {
    return listener.port();
  }

  /// The URL of a path, by address: `http://127.0.0.1:<port>/path`.
  public URI url(String path) {
    return URI.create(scheme + "://127.0.0.1:" + port() + path);
  }

  /// Requests that have arrived.
  public long count() {
    lock.lock();
    try {
      return count;
    } finally {
      lock.unlock();
    }
  }

  /// The requests remembered, in order of arrival.
  public List<Received> requests() {
    lock.lock();
    try {
      return new ArrayList<>(kept);
    } finally {
      lock.unlock();
    }
  }

  /// Waits until so many requests have arrived in all, and returns those remembered.
  ///
  /// @throws IllegalStateException if they have not in that time
  public List<Received> await(long requests, Duration atMost) throws InterruptedException {
    lock.lock();
    try {
      long left = atMost.toNanos();
      while (count < requests) {
        if (left <= 0) {
          throw new IllegalStateException(
              count + " requests arrived in " + atMost + ", not " + requests);
        }
        left = arrived.awaitNanos(left);
      }
      return new ArrayList<>(kept);
    } finally {
      lock.unlock();
    }
  }

  public int openConnections() {
    return listener.openConnections();
  }

  /// Connections ever made.
  public long connections() {
    return listener.accepted();
  }

  private void serve(Socket socket, long connection) throws IOException, InterruptedException {
    var out = socket.getOutputStream();
    var reader = new RequestReader(socket.getInputStream(), out, connection);
    while (true) {
      var next = reader.next();
      if (next.isEmpty()) {
        return;
      }
      var request = remember(next.get());
      var answer = script.apply(request);
      if (answer.delay().isPositive()) {
        TimeUnit.NANOSECONDS.sleep(answer.delay().toNanos());
      }
      send(answer, request.method(), out);
      if (request.header("connection").filter("close"::equalsIgnoreCase).isPresent()) {
        return;
      }
    }
  }

  private Received remember(Received request) {
    lock.lock();
    try {
      count++;
      var numbered =
          new Received(
              count,
              request.connection(),
              request.method(),
              request.target(),
              request.headers(),
              request.body(),
              request.arrivedAt());
      kept.addLast(numbered);
      trim();
      arrived.signalAll();
      return numbered;
    } finally {
      lock.unlock();
    }
  }

  private void trim() {
    while (kept.size() > keep) {
      kept.removeFirst();
    }
  }

  private static void send(Answer answer, String method, OutputStream out) throws IOException {
    var head = new StringBuilder(128);
    head.append("HTTP/1.1 ").append(answer.status()).append(" -\r\n");
    answer
        .headers()
        .forEach((name, value) -> head.append(name).append(": ").append(value).append("\r\n"));
    boolean bodiless = answer.status() == 204 || answer.status() == 304;
    if (!bodiless) {
      head.append("content-length: ").append(answer.body().remaining()).append("\r\n");
    }
    var start = head.append("\r\n").toString().getBytes(ISO_8859_1);
    var body = answer.body().duplicate();
    int length = bodiless || method.equals("HEAD") ? 0 : body.remaining();
    var whole = new byte[start.length + length];
    System.arraycopy(start, 0, whole, 0, start.length);
    body.get(whole, start.length, length);
    out.write(whole);
    out.flush();
  }

  @Override
  public void close() {
    listener.close();
  }
}
