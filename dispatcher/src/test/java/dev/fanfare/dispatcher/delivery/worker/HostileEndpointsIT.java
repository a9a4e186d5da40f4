package dev.fanfare.dispatcher.delivery.worker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.egress.TestEgress;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.HostileReceiver;
import dev.fanfare.testkit.receiver.Http2Misbehaviour;
import dev.fanfare.testkit.receiver.Http2Receiver;
import dev.fanfare.testkit.receiver.Misbehaviour;
import dev.fanfare.testkit.receiver.Receiver;
import dev.fanfare.testkit.receiver.TestCertificate;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Everything that a stranger's server may do, to a whole worker: the attempt that is written down
/// is the one that `docs/outcomes.md` promises, and the worker is none the worse.
@Timeout(300)
class HostileEndpointsIT {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final Duration SHORT = Duration.ofSeconds(3);
  private static final Duration LONG = Duration.ofSeconds(60);
  private static final long MOST_HEAP = 64L << 20;
  private static final Pattern ROW =
      Pattern.compile("\\| `(?<name>[A-Z0-9_]+)` \\| (?<says>[^|]+) \\| (?<outcome>\\w+) \\|.*");
  private static final Pattern CODE = Pattern.compile("`([^`]+)`");

  /// @param says statuses or error classes, one of which the attempt has
  private record Promise(Set<String> says, String outcome) {}

  private final List<AutoCloseable> servers = new ArrayList<>();
  private final Map<String, Promise> promises = new LinkedHashMap<>();

  @Test
  void getTheOutcomeThatIsPromisedAndLeaveNothingBehind() throws Exception {
    var trusted = new ArrayList<TestCertificate>();
    var hostile = new HashMap<Misbehaviour, HostileReceiver>();
    for (var misbehaviour : Misbehaviour.values()) {
      var receiver = HostileReceiver.start(misbehaviour);
      servers.add(receiver);
      hostile.put(misbehaviour, receiver);
      // Not the expired one: the dates of a certificate that is itself trusted are not looked at.
      if (misbehaviour == Misbehaviour.FOREIGN_CERTIFICATE) {
        receiver.certificate().ifPresent(trusted::add);
      }
    }
    var certificate = TestCertificate.forLoopback();
    trusted.add(certificate);
    var hostile2 = new HashMap<Http2Misbehaviour, Http2Receiver>();
    for (var misbehaviour : Http2Misbehaviour.values()) {
      var receiver = Http2Receiver.start(certificate, misbehaviour);
      servers.add(receiver);
      hostile2.put(misbehaviour, receiver);
    }
    var healthy = Receiver.start();
    servers.add(healthy);
    var egress = TestEgress.trustingAll(trusted);
    var workers =
        new WorkersUnderTest(
            SharedKafka.bootstrap(), SharedKafka.prefix(HostileEndpointsIT.class), egress);
    try {
      var first = subscribe(workers, hostile, hostile2, healthy);
      workers.start("w1");
      workers.publish(List.of(WorkerFixture.delivery("well", "evt_warm_up")));
      await().atMost(PATIENCE).until(() -> attempts(workers).size() == 1);
      long heap = usedHeap();
      long threads = platformThreads();

      workers.publish(first);
      await().atMost(PATIENCE).until(() -> attempts(workers).size() == 1 + first.size());

      var soft = new SoftAssertions();
      var attempts = attempts(workers);
      promises.forEach((id, promise) -> {
        var attempt = requireNonNull(attempts.get(id), id);
        var said = attempt.getStatus() == null ? attempt.getError() : "" + attempt.getStatus();
        soft.assertThat(promise.says).as(id + ": " + attempt.getErrorMessage()).contains(said);
        soft.assertThat(attempt.getOutcome()).as(id).isEqualTo(promise.outcome);
        soft.assertThat(attempt.getTotalUs()).as(id).isNotNull();
      });
      soft.assertAll();
      hostile.forEach((misbehaviour, receiver) ->
          assertThat(receiver.posts()).as(misbehaviour.name()).isLessThanOrEqualTo(1));

      var second = new ArrayList<Delivery>();
      for (int i = 0; i < 200; i++) {
        second.add(WorkerFixture.delivery("well", "evt_" + i));
      }
      workers.publish(second);
      await().atMost(PATIENCE).until(() -> healthy.count() == 201);
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> {
            assertThat(egress.callsInFlight()).isZero();
            assertThat(egress.openConnections()).isZero();
            assertThat(hostile.values()).allMatch(it -> it.openConnections() == 0);
            assertThat(hostile2.values()).allMatch(it -> it.openConnections() == 0);
            assertThat(platformThreads()).isLessThanOrEqualTo(threads + 2);
            assertThat(usedHeap() - heap).isLessThan(MOST_HEAP);
          });
    } finally {
      workers.close();
      for (var server : servers) {
        server.close();
      }
    }
  }

  private List<Delivery> subscribe(
      WorkersUnderTest workers,
      Map<Misbehaviour, HostileReceiver> hostile,
      Map<Http2Misbehaviour, Http2Receiver> hostile2,
      Receiver healthy)
      throws IOException {
    var promised = rows("Hostile receivers");
    var promised2 = rows("Hostile receivers over HTTP/2");
    assertThat(promised).hasSameSizeAs(Misbehaviour.values());
    assertThat(promised2).hasSameSizeAs(Http2Misbehaviour.values());
    hostile.forEach((misbehaviour, receiver) ->
        subscribe(
            workers,
            "one_" + misbehaviour,
            receiver.url(),
            requireNonNull(promised.get(misbehaviour.name()))));
    hostile2.forEach((misbehaviour, receiver) ->
        subscribe(
            workers,
            "two_" + misbehaviour,
            receiver.url(),
            requireNonNull(promised2.get(misbehaviour.name()))));
    subscribe(
        workers, "refused", HostileReceiver.refusing(), new Promise(Set.of("connect"), "retry"));
    subscribe(
        workers,
        "nowhere",
        URI.create("http://nowhere.invalid/"),
        new Promise(Set.of("dns"), "retry"));
    subscribe(
        workers,
        "inside",
        URI.create("http://169.254.169.254/latest/"),
        new Promise(Set.of("blocked_address"), "dead"));
    var deliveries = new ArrayList<Delivery>();
    for (var id : promises.keySet()) {
      var delivery = Delivery.newBuilder(WorkerFixture.delivery(id, "evt_" + id));
      if (id.endsWith("NO_WINDOW")) {
        delivery.setPayload(ByteBuffer.wrap("x".repeat(100_000).getBytes(UTF_8)));
      }
      deliveries.add(delivery.build());
    }
    workers.subscribe("well", healthy.url("/"));
    return deliveries;
  }

  private void subscribe(WorkersUnderTest workers, String id, URI url, Promise promise) {
    promises.put(id, promise);
    workers.subscribe(id, url, promise.says.contains("timeout") ? SHORT : LONG);
  }

  private static Map<String, Attempt> attempts(WorkersUnderTest workers) {
    var topic = workers.topics.attempts().name();
    var deserializer = workers.serdes.deserializer(Attempt.class);
    return workers.read(topic).stream()
        .map(bytes -> deserializer.deserialize(topic, bytes))
        .collect(Collectors.toMap(Attempt::getSubscriptionId, it -> it, (one, _) -> one));
  }

  private static Map<String, Promise> rows(String section) throws IOException {
    var page = Files.readString(Path.of("..", "docs", "outcomes.md"), UTF_8);
    var start = page.indexOf("## " + section + "\n");
    var end = page.indexOf("\n## ", start);
    var rows = new HashMap<String, Promise>();
    for (var line : page.substring(start, end < 0 ? page.length() : end).lines().toList()) {
      var row = ROW.matcher(line);
      if (row.matches()) {
        var says = CODE.matcher(row.group("says")).results().map(it -> it.group(1));
        rows.put(
            row.group("name"), new Promise(says.collect(Collectors.toSet()), row.group("outcome")));
      }
    }
    return rows;
  }

  /// Of the egress: resolvers that are idle end by themselves, and so do the HTTP client's.
  private static long platformThreads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().matches("(egress-|OkHttp|Okio).*"))
        .count();
  }

  private static long usedHeap() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
