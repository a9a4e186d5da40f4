package dev.fanfare.testkit.receiver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.GZIPOutputStream;

/// A receiver that plays one [Misbehaviour] on every connection. Counts the POSTs that it has read
/// whole, answered or not: what the other side must believe to be possibly processed.
public final class HostileReceiver implements AutoCloseable {
  private static final Duration DRIP = Duration.ofMillis(20);
  private static final int BLOCK = 16 * 1024;
  private static final int BOMB = 8 * 1024 * 1024;
  private static final int FIELDS = 300;
  private static final String OK_EMPTY = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
  private static final String OK_HALF = "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf of it";
  private static final String OK_CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  private final Misbehaviour misbehaviour;
  private final Listener listener;
  private final AtomicLong posts = new AtomicLong();
  private final AtomicLong flooded = new AtomicLong();

  private final Optional<TestCertificate> certificate;

  private HostileReceiver(
      Misbehaviour misbehaviour, Optional<TestCertificate> certificate, ServerSocket unbound) {
    this.misbehaviour = misbehaviour;
    this.certificate = certificate;
    listener = Listener.start(unbound, this::serve);
  }

  public static HostileReceiver start(Misbehaviour misbehaviour) {
    try {
      var certificate = certificate(misbehaviour);
      var unbound =
          certificate.isPresent()
              ? certificate.get().serverContext().getServerSocketFactory().createServerSocket()
              : new ServerSocket();
      return new HostileReceiver(misbehaviour, certificate, unbound);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<TestCertificate> certificate(Misbehaviour misbehaviour) {
    return switch (misbehaviour) {
      case UNTRUSTED_CERTIFICATE -> Optional.of(TestCertificate.forLoopback());
      case EXPIRED_CERTIFICATE -> Optional.of(TestCertificate.expired());
      case FOREIGN_CERTIFICATE -> Optional.of(TestCertificate.forHost("other.example"));
      default -> Optional.empty();
    };
  }

  /// What it shows, for those that show something: for a client that is to trust it.
  public Optional<TestCertificate> certificate() {
    return certificate;
  }

  /// A URL where nobody listens: connections are refused.
  public static URI refusing() {
    try (var nobody = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return URI.create("http://127.0.0.1:" + nobody.getLocalPort() + "/hook");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Where it listens; `https` for what it does to TLS.
  public URI url() {
    var scheme =
        switch (misbehaviour) {
          case PLAINTEXT_FOR_TLS, HANG_IN_HANDSHAKE, RESET_IN_HANDSHAKE -> "https";
          default -> certificate.isPresent() ? "https" : "http";
        };
    return URI.create(scheme + "://127.0.0.1:" + listener.port() + "/hook");
  }

  /// POSTs read whole.
  public long posts() {
    return posts.get();
  }

  /// Connections ever made.
  public long connections() {
    return listener.accepted();
  }

  /// Bytes of what has no end that the other side, or the kernels between, have taken.
  public long flooded() {
    return flooded.get();
  }

  public int openConnections() {
    return listener.openConnections();
  }

  private void serve(Socket socket, long connection) throws IOException, InterruptedException {
    switch (misbehaviour) {
      case HANG_ON_ACCEPT, HANG_IN_HANDSHAKE -> awaitEnd(socket);
      case RESET_ON_ACCEPT -> reset(socket);
      case RESET_IN_HANDSHAKE -> {
        socket.getInputStream().read(new byte[BLOCK]);
        reset(socket);
      }
      case PLAINTEXT_FOR_TLS -> {
        socket.getInputStream().read(new byte[BLOCK]);
        send(socket, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n");
      }
      default -> answer(socket, connection);
    }
  }

  private void answer(Socket socket, long connection) throws IOException, InterruptedException {
    var out = socket.getOutputStream();
    var reader = new RequestReader(socket.getInputStream(), out, connection);
    for (int nth = 1; reader.next().isPresent(); nth++) {
      posts.incrementAndGet();
      if (!play(nth, socket, out)) {
        return;
      }
    }
  }

  /// Whether the connection goes on.
  private boolean play(int nth, Socket socket, OutputStream out)
      throws IOException, InterruptedException {
    return switch (misbehaviour) {
      case RESET_BEFORE_ANSWER -> reset(socket);
      case CLOSE_BEFORE_ANSWER -> false;
      case RESET_MID_BODY -> send(socket, OK_HALF) && pause() && reset(socket);
      case CLOSE_MID_BODY -> !send(socket, OK_HALF);
      case CLOSE_MID_HEAD -> !send(socket, "HTTP/1.1 200 OK\r\nContent-Le");
      case DRIP_BODY -> send(socket, OK_CHUNKED) && drip(out, "1\r\nx\r\n");
      case DRIP_HEAD -> send(socket, "HTTP/1.1 200 OK\r\nX: ") && drip(out, "x");
      case ENDLESS_BODY ->
          send(socket, "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
              && flood(out, "x".repeat(BLOCK));
      case ENDLESS_CHUNKS ->
          send(socket, OK_CHUNKED) && flood(out, "4000\r\n" + "x".repeat(BLOCK) + "\r\n");
      case ENDLESS_CHUNK_EXTENSION ->
          send(socket, OK_CHUNKED + "1;a=") && flood(out, "x".repeat(BLOCK));
      case ENDLESS_HEADERS ->
          send(socket, "HTTP/1.1 200 OK\r\n") && flood(out, "X-Flood: 0123456789\r\n".repeat(99));
      case ENDLESS_HEADER ->
          send(socket, "HTTP/1.1 200 OK\r\nX-Flood: ") && flood(out, "x".repeat(BLOCK));
      case MANY_HEADERS -> send(socket, manyHeaders());
      case GARBAGE -> !send(socket, "\0\1\2 this is not HTTP at all\r\n\r\n");
      case GARBAGE_STATUS -> !send(socket, "HTTP/1.1 OK fine\r\nContent-Length: 0\r\n\r\n");
      case GARBAGE_CHUNK -> !send(socket, OK_CHUNKED + "size?\r\nx\r\n0\r\n\r\n");
      case NEGATIVE_LENGTH -> send(socket, "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello");
      case GARBAGE_LENGTH -> send(socket, "HTTP/1.1 200 OK\r\nContent-Length: 5x\r\n\r\nhello");
      case GZIP_BOMB -> bomb(out);
      case CONTINUE_THEN_OK -> send(socket, "HTTP/1.1 100 Continue\r\n\r\n" + OK_EMPTY);
      case ENDLESS_CONTINUE -> flood(out, "HTTP/1.1 100 Continue\r\n\r\n".repeat(99));
      case SWITCHING_PROTOCOLS ->
          send(
                  socket,
                  "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
              && awaitEnd(socket);
      case DIES_ON_REUSE -> nth == 1 && send(socket, OK_EMPTY);
      case REDIRECT_TO_METADATA ->
          status(socket, "307 Temporary Redirect", "Location: http://169.254.169.254/latest/");
      case ASKS_FOR_CREDENTIALS ->
          status(socket, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"");
      case ASKS_FOR_PROXY_CREDENTIALS ->
          status(
              socket, "407 Proxy Authentication Required", "Proxy-Authenticate: Basic realm=\"x\"");
      case REQUEST_TIMEOUT -> status(socket, "408 Request Timeout", "X: x");
      case RETRY_AT_ONCE -> status(socket, "503 Service Unavailable", "Retry-After: 0");
      case NO_CONTENT_WITH_BODY ->
          send(socket, "HTTP/1.1 204 No Content\r\nContent-Length: 4\r\n\r\nbody");
      case SETS_COOKIE -> status(socket, "200 OK", "Set-Cookie: session=secret; Path=/");
      case UNTRUSTED_CERTIFICATE, EXPIRED_CERTIFICATE, FOREIGN_CERTIFICATE ->
          send(socket, OK_EMPTY);
      case HALF_CLOSE -> halfClose(socket);
      case HALF_CLOSE_MID_BODY -> send(socket, OK_HALF) && halfClose(socket);
      case HANG_AFTER_REQUEST -> awaitEnd(socket);
      case HANG_ON_ACCEPT,
          RESET_ON_ACCEPT,
          PLAINTEXT_FOR_TLS,
          HANG_IN_HANDSHAKE,
          RESET_IN_HANDSHAKE ->
          throw new IllegalStateException("never gets as far as a request");
    };
  }

  private static boolean status(Socket socket, String status, String field) throws IOException {
    return send(socket, "HTTP/1.1 " + status + "\r\n" + field + "\r\nContent-Length: 0\r\n\r\n");
  }

  private static boolean send(Socket socket, String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(ISO_8859_1));
    socket.getOutputStream().flush();
    return true;
  }

  private static boolean reset(Socket socket) throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
    return false;
  }

  private static boolean halfClose(Socket socket) throws IOException {
    socket.shutdownOutput();
    return awaitEnd(socket);
  }

  /// Until the other side gives up.
  private static boolean awaitEnd(Socket socket) throws IOException {
    var ignored = new byte[BLOCK];
    while (socket.getInputStream().read(ignored) >= 0) {
      // Read on: the end is seen only behind what was sent before it.
    }
    return false;
  }

  private static boolean pause() throws InterruptedException {
    Thread.sleep(DRIP);
    return true;
  }

  private static boolean drip(OutputStream out, String drop)
      throws IOException, InterruptedException {
    while (pause()) {
      out.write(drop.getBytes(ISO_8859_1));
      out.flush();
    }
    return false;
  }

  private boolean flood(OutputStream out, String wave) throws IOException {
    var bytes = wave.getBytes(ISO_8859_1);
    while (true) {
      out.write(bytes);
      flooded.addAndGet(bytes.length);
    }
  }

  private static String manyHeaders() {
    var head = new StringBuilder("HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < FIELDS; i++) {
      head.append("X-Field-").append(i).append(": ").append("v".repeat(i * 2)).append("\r\n");
    }
    return head.append("Retry-After: 7\r\nContent-Length: 0\r\n\r\n").toString();
  }

  private static boolean bomb(OutputStream out) throws IOException {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(new byte[BOMB]);
    }
    out.write(
        ("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: "
                + packed.size()
                + "\r\n\r\n")
            .getBytes(ISO_8859_1));
    out.write(packed.toByteArray());
    out.flush();
    return true;
  }

  @Override
  public void close() {
    listener.close();
  }
}
