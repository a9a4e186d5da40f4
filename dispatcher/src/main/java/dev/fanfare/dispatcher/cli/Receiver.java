package dev.fanfare.dispatcher.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import dev.fanfare.dispatcher.egress.signature.Verification;
import dev.fanfare.dispatcher.egress.signature.Verifier;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;

/// A webhook endpoint that prints what it gets. What comes from outside is printed without anything
/// that would steer the terminal.
final class Receiver implements AutoCloseable {
  private static final int MOST_BYTES = 1 << 20;
  private static final int NOT_VERIFIED = 401;

  private final List<Verifier> keys;
  private final int status;
  private final PrintWriter out;
  private final WebServer server;

  private Receiver(String host, int port, List<Verifier> keys, int status, PrintWriter out) {
    this.keys = keys;
    this.status = status;
    this.out = out;
    this.server =
        WebServer.builder()
            .host(host)
            .port(port)
            .shutdownHook(false)
            .maxPayloadSize(MOST_BYTES)
            .routing(HttpRouting.builder().any(this::receive))
            .build();
  }

  /// @param keys any of which may have signed; empty to verify nothing
  /// @throws UncheckedIOException if the port can't be had
  static Receiver start(String host, int port, List<Verifier> keys, int status, PrintWriter out) {
    var receiver = new Receiver(host, port, keys, status, out);
    var _ = receiver.server.start();
    if (!receiver.server.isRunning()) { // it says so by logging only
      throw new UncheckedIOException(new BindException("the address or port can't be had"));
    }
    return receiver;
  }

  int port() {
    return server.port();
  }

  private void receive(ServerRequest request, ServerResponse response) {
    var body = body(request);
    var verification = verify(request, body);
    boolean good = keys.isEmpty() || verification == Verification.VALID;
    int answer = good ? status : NOT_VERIFIED;
    print(request, body, keys.isEmpty() ? "not verified" : word(verification), answer);
    response.status(answer).send();
  }

  private static byte[] body(ServerRequest request) {
    if (!request.content().hasEntity()) {
      return new byte[0];
    }
    try {
      return request.content().inputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Verification verify(ServerRequest request, byte[] body) {
    return StandardWebhooks.verify(
        keys,
        header(request, "webhook-id"),
        header(request, "webhook-timestamp"),
        header(request, "webhook-signature"),
        ByteBuffer.wrap(body),
        Instant.now(),
        StandardWebhooks.TOLERANCE);
  }

  private void print(ServerRequest request, byte[] body, String verified, int answer) {
    var time = LocalTime.now(ZoneId.systemDefault()).truncatedTo(ChronoUnit.MILLIS);
    var lines =
        "%s %s %s  id %s  attempt %s  %s  -> %d%n%s%n"
            .formatted(
                time,
                request.prologue().method().text(),
                request.prologue().uriPath().rawPath(),
                header(request, "webhook-id"),
                header(request, "webhook-attempt"),
                verified,
                answer,
                shown(body));
    synchronized (out) {
      out.println(Text.printable(lines));
      out.flush();
    }
  }

  private static String shown(byte[] body) {
    var text = new String(body, UTF_8);
    try {
      return ApiClient.JSON.readTree(text).toPrettyString();
    } catch (JsonProcessingException e) {
      return text; // it is shown as it came
    }
  }

  private static String word(Verification verification) {
    return verification == Verification.VALID
        ? "signature valid"
        : "SIGNATURE " + verification.name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String header(ServerRequest request, String name) {
    return request.headers().first(HeaderNames.create(name)).orElse("");
  }

  @Override
  public void close() {
    var _ = server.stop();
  }
}
