package dev.fanfare.verifier;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import java.io.IOException;
import java.net.ConnectException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The Java receiver of `docs/receivers.md`, taken from the page and run against the one class
/// alone, as a reader would.
class ReceiversPageIT {
  private static final Duration STARTED_WITHIN = Duration.ofSeconds(60);
  private static final HmacSecret SECRET = HmacSecret.generate(new byte[32]);
  private static final byte[] BODY = "{\"type\": \"email.bounced\"}".getBytes(UTF_8);

  @TempDir private Path home;
  private @Nullable Process receiver;
  private int port;

  @BeforeEach
  void start() throws IOException {
    try (var free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    var page = Files.readString(Path.of("..", "docs", "receivers.md"));
    var block = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(page);
    assertThat(block.find()).as("a Java block in the page").isTrue();
    var source = home.resolve("Receiver.java");
    Files.writeString(source, block.group(1).replace("9900", Integer.toString(port)));
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var verifier =
        Path.of(
            WebhookVerifier.class.getProtectionDomain().getCodeSource().getLocation().getPath());
    var builder =
        new ProcessBuilder(java, "-cp", verifier.toString(), "--source", "17", source.toString());
    builder.environment().put("WEBHOOK_SECRET", SECRET.reveal());
    receiver =
        builder.redirectErrorStream(true).redirectOutput(home.resolve("out").toFile()).start();
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (receiver != null) {
      receiver.destroyForcibly().waitFor();
    }
  }

  @Test
  void takesWhatFanfareSignedAndNothingElse() throws Exception {
    assertThat(post(BODY)).isEqualTo(204);
    assertThat(post("{\"type\": \"email.forged\"}".getBytes(UTF_8))).isEqualTo(401);
    assertThat(Files.readString(home.resolve("out"))).contains("bounced").doesNotContain("forged");
  }

  /// Signed over [#BODY], whatever is sent.
  private int post(byte[] sent) throws Exception {
    var now = Instant.now();
    var signature =
        StandardWebhooks.sign(
            new SigningKeys(List.of(SECRET)), "evt_1", now, ByteBuffer.wrap(BODY));
    var request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/hooks"))
            .header("webhook-id", "evt_1")
            .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
            .header("webhook-signature", signature)
            .POST(BodyPublishers.ofByteArray(sent))
            .build();
    var deadline = System.nanoTime() + STARTED_WITHIN.toNanos();
    try (var http = HttpClient.newHttpClient()) {
      while (true) {
        try {
          return http.send(request, BodyHandlers.discarding()).statusCode();
        } catch (ConnectException e) {
          boolean alive = receiver != null && receiver.isAlive();
          if (!alive || System.nanoTime() > deadline) {
            throw new IllegalStateException(Files.readString(home.resolve("out")), e);
          }
          Thread.sleep(50);
        }
      }
    }
  }
}
