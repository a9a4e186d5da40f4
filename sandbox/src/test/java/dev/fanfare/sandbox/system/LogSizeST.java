package dev.fanfare.sandbox.system;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.sandbox.system.LogRecords.Fate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The log at size: filled as fast as it takes records in, then asked by every filter while more
/// comes at half of that speed. `make million` runs it with 1,000,000 deliveries and holds pages to
/// 100 ms, which wants a machine that does nothing else.
@Timeout(1_800)
class LogSizeST {
  private static final int COUNT = Integer.getInteger("fanfare.log.count", 2_000);
  private static final int ROUNDS = Integer.getInteger("fanfare.log.rounds", 2);
  private static final boolean QUIET = Boolean.getBoolean("fanfare.log.quiet");
  private static final Duration ENOUGH = Duration.ofMinutes(20);
  private static final Duration SLOWEST = Duration.ofMillis(100);
  private static final long MOST_BYTES = 1_100L << 20;
  private static final int MOST_MORE = Integer.MAX_VALUE / 2;

  @TempDir Path directory;

  /// @param path of a page for some delivery that was written
  /// @param isRight of an item
  private record Filter(Function<Integer, String> path, Predicate<Asked> isRight) {}

  private record Asked(JsonNode item, int n) {
    boolean has(String name, String value) {
      return item.path(name).asText().equals(value);
    }
  }

  @Test
  void everyFilterAnswersSoonWhileMoreComes() throws Exception {
    var deployment = Deployment.of(getClass(), directory, "roles: [log, api]\n");
    try (var records = new LogRecords(deployment, COUNT);
        var dispatcher = DispatcherProcess.start(deployment, directory)) {
      // Given
      double perSecond = fill(records, dispatcher.api());

      // When
      Map<String, List<Long>> took;
      var traffic = new Traffic(records, perSecond / 2);
      try (traffic) {
        took = ask(dispatcher.api());
      }

      // Then
      System.out.printf(">> %d deliveries taken in at %.0f/s%n", COUNT, perSecond);
      report(took);
      reportBytes(COUNT + traffic.written, deployment, dispatcher.pid());
      if (QUIET) {
        assertThat(took)
            .allSatisfy((name, times) ->
                assertThat(percentile(times, 0.99)).as(name).isLessThan(SLOWEST.toNanos()));
        assertThat(resident(dispatcher.pid(), "VmHWM")).isLessThan(MOST_BYTES);
      }
    }
  }

  /// Returns how many deliveries a second the log took in.
  private static double fill(LogRecords records, ApiClient api) throws IOException {
    long began = System.nanoTime();
    IntStream.range(0, COUNT).forEach(records::write);
    long waiting = IntStream.range(0, COUNT).filter(n -> isOpen(Fate.of(n))).count();
    long dead = IntStream.range(0, COUNT).filter(n -> Fate.of(n) == Fate.DEAD).count();
    SettledLedger.of(api, waiting, ENOUGH).has(COUNT, COUNT - waiting - dead, dead);
    return COUNT * 1e9 / (System.nanoTime() - began);
  }

  private static boolean isOpen(Fate fate) {
    return fate == Fate.WAITING || fate == Fate.PENDING;
  }

  /// Every filter in turn, again and again, so that all meet the same circumstances.
  private static Map<String, List<Long>> ask(ApiClient api) throws IOException {
    var took = new LinkedHashMap<String, List<Long>>();
    var random = new SplittableRandom(1);
    for (int round = -2; round < ROUNDS; round++) {
      for (var each : filters().entrySet()) {
        int n = random.nextInt(COUNT);
        var path = each.getValue().path().apply(n);
        long began = System.nanoTime();
        var said = api.get(path);
        long nanos = System.nanoTime() - began;
        assertThat(said.status()).as(path).isEqualTo(200);
        assertThat(said.body().path("complete").asBoolean(true)).as(path).isTrue();
        for (var item : said.body().path("items")) {
          assertThat(each.getValue().isRight().test(new Asked(item, n)))
              .as("%s: %s", path, item)
              .isTrue();
        }
        if (round >= 0) {
          took.computeIfAbsent(each.getKey(), _ -> new ArrayList<>()).add(nanos);
        }
      }
    }
    return took;
  }

  private static Map<String, Filter> filters() {
    var all = new LinkedHashMap<String, Filter>();
    var deliveries = "/v1/deliveries?";
    all.put("none", new Filter(_ -> deliveries, _ -> true));
    all.put("none, 200 a page", new Filter(_ -> deliveries + "limit=200", _ -> true));
    all.put(
        "event_id",
        new Filter(
            n -> deliveries + "event_id=" + LogRecords.event(n),
            it -> it.has("event_id", LogRecords.event(it.n()))));
    all.put(
        "message_id",
        new Filter(
            n -> deliveries + "message_id=" + LogRecords.message(n),
            it -> it.has("message_id", LogRecords.message(it.n()))));
    all.put(
        "recipient",
        new Filter(
            n -> deliveries + "recipient=" + LogRecords.recipient(n),
            it -> it.has("recipient", LogRecords.recipient(it.n()))));
    all.put(
        "subscription",
        new Filter(
            n -> deliveries + "subscription=" + subscription(n),
            it -> it.has("subscription_id", subscription(it.n()))));
    all.put(
        "subscription, since, until",
        new Filter(
            n -> deliveries + "subscription=" + subscription(n) + window(),
            it -> it.has("subscription_id", subscription(it.n()))));
    all.put(
        "tenant",
        new Filter(
            n -> deliveries + "tenant=" + tenant(n), it -> it.has("tenant", tenant(it.n()))));
    for (var status : List.of("pending", "retrying", "delivered", "dead_lettered", "cancelled")) {
      all.put(
          "status=" + status,
          new Filter(_ -> deliveries + "status=" + status, it -> it.has("status", status)));
    }
    all.put(
        "status=dead_lettered, subscription",
        new Filter(
            n -> deliveries + "status=dead_lettered&subscription=" + subscription(n),
            it -> it.has("subscription_id", subscription(it.n()))));
    all.put(
        "status=retrying, subscription",
        new Filter(
            n -> deliveries + "status=retrying&subscription=" + subscription(n),
            it -> it.has("subscription_id", subscription(it.n()))));
    all.put(
        "type",
        new Filter(
            n -> deliveries + "type=" + LogRecords.type(n),
            it -> it.has("type", LogRecords.type(it.n()))));
    all.put(
        "type, 0.4 % of all",
        new Filter(
            _ -> deliveries + "type=" + LogRecords.RARE, it -> it.has("type", LogRecords.RARE)));
    all.put("type, none of all", new Filter(_ -> deliveries + "type=email.none", _ -> false));
    all.put("since, until", new Filter(_ -> deliveries + window().substring(1), _ -> true));
    all.put("one delivery", new Filter(n -> "/v1/deliveries/" + LogRecords.delivery(n), _ -> true));
    all.put("dead letters", new Filter(_ -> "/v1/dead-letters", _ -> true));
    all.put(
        "dead letters, subscription",
        new Filter(
            n -> "/v1/dead-letters?subscription=" + subscription(n),
            it -> it.has("subscription_id", subscription(it.n()))));
    all.put(
        "dead letters, reason",
        new Filter(
            _ -> "/v1/dead-letters?reason=payload_too_large",
            it -> it.has("reason", "payload_too_large")));
    all.put("groups of dead letters", new Filter(_ -> "/v1/dead-letters/groups", _ -> true));
    all.put(
        "statistics, an hour",
        new Filter(n -> "/v1/statistics?subscription=" + subscription(n), _ -> true));
    all.put(
        "statistics, a day by the hour",
        new Filter(_ -> "/v1/statistics?step=1h&since=" + hoursAgo(24), _ -> true));
    all.put("overview", new Filter(_ -> "/v1/overview", _ -> true));
    return all;
  }

  private static String subscription(int n) {
    return LogRecords.subscriptionId(LogRecords.subscription(n));
  }

  private static String tenant(int n) {
    return LogRecords.tenant(LogRecords.subscription(n));
  }

  private static String window() {
    return "&since=" + hoursAgo(4) + "&until=" + hoursAgo(3);
  }

  private static Instant hoursAgo(int hours) {
    return Instant.now().minus(Duration.ofHours(hours));
  }

  /// More of the same, so many a second.
  private static final class Traffic implements AutoCloseable {
    private final AtomicBoolean closed = new AtomicBoolean();
    private final Thread thread;
    private volatile int written;
    private final long began = System.nanoTime();

    Traffic(LogRecords records, double perSecond) {
      thread =
          Thread.ofPlatform()
              .start(() -> {
                for (int n = COUNT; n < MOST_MORE && !closed.get(); n++) {
                  records.write(n);
                  written = n - COUNT + 1;
                  long ahead = (long) (written * 1e9 / perSecond) - (System.nanoTime() - began);
                  if (ahead > 1_000_000) {
                    LockSupport.parkNanos(ahead);
                  }
                }
              });
    }

    @Override
    public void close() throws IOException {
      closed.set(true);
      try {
        thread.join();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      System.out.printf(
          ">> traffic meanwhile: %d deliveries, %.0f/s%n",
          written, written * 1e9 / (System.nanoTime() - began));
    }
  }

  private static void report(Map<String, List<Long>> took) {
    System.out.println("| asked for | p50 ms | p99 ms | most ms |\n|---|---|---|---|");
    took.forEach((name, times) ->
        System.out.printf(
            "| %s | %.1f | %.1f | %.1f |%n",
            name,
            percentile(times, 0.5) / 1e6,
            percentile(times, 0.99) / 1e6,
            percentile(times, 1) / 1e6));
  }

  private void reportBytes(int deliveries, Deployment deployment, long pid) throws Exception {
    long bytes = size(directory.resolve(".fanfare"));
    System.out.printf(">> stores: %d bytes, %d a delivery%n", bytes, bytes / deliveries);
    topics(deployment)
        .forEach((name, size) ->
            System.out.printf(
                ">> topic %s: %d bytes, %d a delivery%n", name, size, size / deliveries));
    System.out.printf(
        ">> resident: %d MiB at the end, %d MiB at most%n",
        resident(pid, "VmRSS") >> 20, resident(pid, "VmHWM") >> 20);
  }

  private static long percentile(List<Long> times, double which) {
    var sorted = times.stream().sorted().toList();
    return sorted.get(Math.max((int) Math.ceil(sorted.size() * which) - 1, 0));
  }

  private static long size(Path directory) throws IOException {
    try (var files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static Map<String, Long> topics(Deployment deployment) throws Exception {
    var sizes = new LinkedHashMap<String, Long>();
    try (var admin = Admin.create(deployment.config().kafka().commonProperties())) {
      var brokers = admin.describeCluster().nodes().get().stream().map(node -> node.id()).toList();
      for (var logs : admin.describeLogDirs(brokers).allDescriptions().get().values()) {
        for (var log : logs.values()) {
          log.replicaInfos()
              .forEach((at, replica) -> {
                if (at.topic().startsWith(deployment.prefix()) && replica.size() > 0) {
                  sizes.merge(at.topic(), replica.size(), Long::sum);
                }
              });
        }
      }
    }
    return sizes;
  }

  /// What Linux says of the process's memory, in bytes.
  private static long resident(long pid, String name) throws IOException {
    return Files.readAllLines(Path.of("/proc/" + pid + "/status")).stream()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) << 10)
        .findFirst()
        .orElse(0);
  }
}
