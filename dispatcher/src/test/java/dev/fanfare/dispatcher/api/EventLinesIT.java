package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.dispatcher.app.TestFanfare.Reply;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.testkit.kafka.SharedKafka;
import java.io.IOException;
import java.io.InputStream;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Events as lines over real HTTP, against real Kafka.
class EventLinesIT {
  private static final int MANY = 100_000;
  private static final Duration SOON = Duration.ofSeconds(60);

  private static TestFanfare fanfare;

  @BeforeAll
  static void start() {
    fanfare = TestFanfare.withApi(SharedKafka.bootstrap(), SharedKafka.prefix(EventLinesIT.class));
  }

  @AfterAll
  static void stop() {
    fanfare.close();
  }

  private static String event(String message) {
    return "{\"type\":\"email.sent\",\"tenant\":\"acme\",\"recipient\":\"ann@example.com\","
        + "\"message_id\":\"%s\"}".formatted(message);
  }

  private static Reply send(BodyPublisher body, String... headers) {
    var request = fanfare.request("/v1/events").timeout(Duration.ofMinutes(5));
    return fanfare.send(
        request
            .headers(headers.length == 0 ? new String[] {"X-None", "-"} : headers)
            .header("Content-Type", "application/x-ndjson")
            .POST(body));
  }

  private static Reply send(String lines, String... headers) {
    return send(BodyPublishers.ofString(lines), headers);
  }

  /// 55 MB, of which the server never holds much.
  @Test
  void aHundredThousandLinesGoThroughABoundedMemory() {
    long before = usedHeap();
    var most = new AtomicLong();
    var padding = "x".repeat(400);
    var lines =
        new Lines(
            MANY,
            i -> {
              if (i == MANY / 3 || i == MANY * 2 / 3 || i == MANY - 1) {
                most.accumulateAndGet(usedHeap() - before, Math::max);
              }
              return event("many-" + i).replace("}", ",\"subject\":\"" + padding + "\"}\n");
            });
    long start = System.nanoTime();

    var reply = send(BodyPublishers.ofInputStream(() -> lines));

    var took = Duration.ofNanos(System.nanoTime() - start);
    System.out.printf(
        "%,d lines of 0.5 KB in %,d ms, at most %,d MiB of heap more%n",
        MANY, took.toMillis(), most.get() >> 20);
    assertThat(reply.status()).as(reply.text()).isEqualTo(202);
    assertThat(reply.json().path("accepted").asInt()).isEqualTo(MANY);
    assertThat(reply.json().path("refused").asInt()).isZero();
    assertThat(reply.json().path("through_line").asInt()).isEqualTo(MANY);
    assertThat(most.get()).as("bytes of heap").isLessThan(32 << 20);
    assertThat(count("many-")).isEqualTo(MANY);
  }

  private static long usedHeap() {
    System.gc();
    return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
  }

  /// Made one by one while they are read.
  private static final class Lines extends InputStream {
    private final int count;
    private final IntFunction<String> line;
    private byte[] current = new byte[0];
    private int at;
    private int made;

    Lines(int count, IntFunction<String> line) {
      this.count = count;
      this.line = line;
    }

    @Override
    public int read() {
      var one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int length) {
      if (at == current.length) {
        if (made == count) {
          return -1;
        }
        current = line.apply(made++).getBytes(UTF_8);
        at = 0;
      }
      int part = Math.min(length, current.length - at);
      System.arraycopy(current, at, into, offset, part);
      at += part;
      return part;
    }
  }

  @Test
  void whatIsBadIsToldByLineAndTheOthersAreTaken() {
    var reply =
        send(
            String.join(
                "\n",
                event("mixed-1"),
                "{not json",
                "",
                event("mixed-4").replace("recipient", "recipent"),
                "[" + event("mixed-5") + "]",
                event("x".repeat(300_000)),
                event("mixed-7") + "\r",
                event("mixed-8")));

    assertThat(reply.status()).isEqualTo(202);
    var json = reply.json();
    assertThat(json.path("accepted").asInt()).isEqualTo(3);
    assertThat(json.path("refused").asInt()).isEqualTo(4);
    assertThat(json.path("errors_left_out").asInt()).isZero();
    assertThat(json.path("errors"))
        .extracting(it -> it.path("line").asInt() + it.path("pointer").asText())
        .containsExactlyInAnyOrder("2", "4/recipent", "4/recipient", "5", "6");
    assertThat(messages("mixed-")).containsExactlyInAnyOrder("mixed-1", "mixed-7", "mixed-8");
  }

  @Test
  void whereNothingIsGoodTheAnswerIsAProblem() {
    var reply = send("{}\n[]\n");

    assertThat(reply.status()).isEqualTo(422);
    assertThat(reply.header("Content-Type")).isEqualTo("application/problem+json");
    assertThat(reply.json().path("refused").asInt()).isEqualTo(2);
    assertThat(reply.json().path("errors")).isNotEmpty();
    assertThat(send("\n\n").status()).isEqualTo(422);
    assertThat(send("").status()).isEqualTo(422);
  }

  @Test
  void theSameKeyIsAnsweredAgainAndWritesNothing() {
    String[] key = {"Idempotency-Key", "lines-1"};
    var lines = IntStream.range(0, 1_200).mapToObj(i -> event("key-" + i)).toList();

    var first = send(String.join("\n", lines), key);
    var again = send(String.join("\n", lines), key);
    var other = send(String.join("\n", lines.subList(0, 1_199)), key);

    assertThat(first.status()).isEqualTo(202);
    assertThat(again.header("Idempotent-Replayed")).isEqualTo("true");
    assertThat(again.text()).isEqualTo(first.text());
    assertThat(other.status()).isEqualTo(422);
    assertThat(other.json().path("type").asText()).endsWith("idempotency-key-reused");
    assertThat(count("key-")).isEqualTo(1_200);
  }

  /// A cut loses no whole line and makes none of a half; what is sent again under the same key has
  /// the same ids.
  @Test
  void aConnectionThatIsCutCanBeTriedAgain() throws IOException {
    var lines = IntStream.range(0, 700).mapToObj(i -> event("cut-" + i) + "\n").toList();
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), fanfare.port())) {
      var out = socket.getOutputStream();
      out.write(head("Transfer-Encoding: chunked\r\nIdempotency-Key: cut").getBytes(UTF_8));
      chunk(socket, String.join("", lines.subList(0, 600)));
      chunk(socket, lines.get(600).substring(0, 40));
      out.flush();
      await().atMost(SOON).until(() -> count("cut-") == 600);
    }
    var whole = String.join("", lines);
    var again = new ArrayList<Reply>();
    await()
        .atMost(SOON)
        .until(() -> {
          again.add(send(whole, "Idempotency-Key", "cut"));
          return again.getLast().status() != 409; // until the server has seen the cut
        });

    assertThat(again.getLast().status()).isEqualTo(202);
    assertThat(again.getLast().json().path("accepted").asInt()).isEqualTo(700);
    var events = events("cut-");
    assertThat(events).hasSize(1_300);
    assertThat(events.stream().map(it -> it.getEventId()).distinct()).hasSize(700);
  }

  @Test
  void aSlowSendersEventsDoNotWaitForItsEnd() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), fanfare.port())) {
      socket.getOutputStream().write(head("Transfer-Encoding: chunked").getBytes(UTF_8));
      chunk(socket, event("slow-1") + "\n");
      await().atMost(SOON).until(() -> count("slow-") == 1);
      chunk(socket, event("slow-2") + "\n");
      await().atMost(SOON).until(() -> count("slow-") == 2);
      socket.getOutputStream().write("0\r\n\r\n".getBytes(UTF_8));
      assertThat(status(socket)).isEqualTo(202);
    }
  }

  /// The server holds a chunk whole before we see any of it.
  @Test
  void nobodyMakesUsHoldAHugeChunk() throws IOException {
    for (var size : List.of("ffffff", "7fffffff")) {
      try (var socket = new Socket(InetAddress.getLoopbackAddress(), fanfare.port())) {
        var out = socket.getOutputStream();
        out.write(head("Transfer-Encoding: chunked").getBytes(UTF_8));
        out.write((size + "\r\n" + event("huge-1") + "\n").getBytes(UTF_8));
        out.flush();
        assertThat(status(socket)).as(size).isIn(400, 413);
      }
    }
  }

  @Test
  void whoHasNoKeyIsNotReadFrom() throws IOException {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), fanfare.port())) {
      var head = head("Content-Length: 900000000").replaceFirst("Authorization: [^\r]+\r\n", "");
      socket.getOutputStream().write((head + event("none-1") + "\n").getBytes(UTF_8));
      assertThat(status(socket)).isEqualTo(401);
      assertThat(socket.getInputStream().readAllBytes()).as("then the connection ends").isNotNull();
    }
    assertThat(count("none-")).isZero();
  }

  private static String head(String more) {
    return """
    POST /v1/events HTTP/1.1\r
    Host: 127.0.0.1:%d\r
    Authorization: Bearer %s\r
    Content-Type: application/x-ndjson\r
    %s\r
    \r
    """
        .formatted(fanfare.port(), TestFanfare.KEY, more);
  }

  private static void chunk(Socket socket, String text) throws IOException {
    var bytes = text.getBytes(UTF_8);
    var out = socket.getOutputStream();
    out.write((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
    out.write(bytes);
    out.write("\r\n".getBytes(UTF_8));
    out.flush();
  }

  private static int status(Socket socket) throws IOException {
    socket.setSoTimeout((int) SOON.toMillis());
    var line = new StringBuilder();
    for (int c = socket.getInputStream().read(); c >= 0 && c != '\r'; ) {
      line.append((char) c);
      c = socket.getInputStream().read();
    }
    return Integer.parseInt(line.toString().split(" ", -1)[1]);
  }

  private static List<String> messages(String prefix) {
    return events(prefix).stream().map(it -> it.getMessageId()).toList();
  }

  private static int count(String prefix) {
    return events(prefix).size();
  }

  /// All that have been written so far.
  private static List<EmailEvent> events(String prefix) {
    var config = fanfare.config();
    var properties =
        Map.<String, Object>of(
            "bootstrap.servers",
            SharedKafka.bootstrap(),
            "auto.offset.reset",
            "earliest",
            "max.poll.records",
            5_000);
    var found = new ArrayList<EmailEvent>();
    try (var serdes = new AvroSerdes(config.registry()).deserializer(EmailEvent.class);
        var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), serdes)) {
      var partitions =
          consumer.partitionsFor(config.topics().topics().events().name()).stream()
              .map(it -> new TopicPartition(it.topic(), it.partition()))
              .toList();
      consumer.assign(partitions);
      var ends = consumer.endOffsets(partitions);
      while (ends.entrySet().stream()
          .anyMatch(it -> consumer.position(it.getKey()) < it.getValue())) {
        consumer
            .poll(Duration.ofMillis(200))
            .forEach(it -> {
              if (it.value().getMessageId().startsWith(prefix)) {
                found.add(it.value());
              }
            });
      }
    }
    return found;
  }
}
