package dev.fanfare.bench.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.bench.rig.Rig;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// Each scenario, so small that it says nothing about speed: it runs through, loses nothing on the
/// way (each waits for all of its deliveries), and tells what it promises to tell. Minutes all the
/// same: `make bench-smoke`.
@EnabledIfSystemProperty(named = "fanfare.bench.smoke", matches = "all")
class ScenariosIT {
  private static final List<String> TINY =
      List.of("--repeats", "1", "--seconds", "1", "--warm-up", "1", "--deliveries", "200");

  @TempDir static Path directory;
  private static Rig rig;

  @BeforeAll
  static void start() throws Exception {
    rig = Rig.start(directory);
  }

  @AfterAll
  static void stop() {
    rig.close();
  }

  @Test
  void throughputBesideItsLimit() throws Exception {
    var json = run(new ThroughputScenario(), "--fan-out", "1,2", "--log", "on", "--endpoints", "4");

    assertThat(json.path("limit_per_second").asDouble()).isPositive();
    assertThat(json.path("deliveries_per_second").asDouble()).isPositive();
    assertThat(json.path("ratio_to_limit").asDouble()).isPositive();
    assertThat(json.path("cpu_us_per_delivery").asDouble()).isPositive();
    assertThat(json.path("variants")).hasSize(2);
  }

  @Test
  void latency() throws Exception {
    var json = run(new LatencyScenario(), "--rates", "50", "--no-half", "--endpoints", "4");

    assertThat(json.path("latency_ms").path("p99").asDouble())
        .isGreaterThanOrEqualTo(json.path("latency_ms").path("p50").asDouble())
        .isPositive();
    assertThat(json.path("latency_ms").path("count").asLong()).isEqualTo(50);
  }

  @Test
  void isolation() throws Exception {
    var json = run(new IsolationScenario(), "--rate", "100", "--endpoints", "10", "--sick", "10");

    assertThat(json.path("ratio_to_limit").asDouble()).isPositive();
    assertThat(json.path("failed").asLong()).isPositive(); // or nothing was disturbed
    assertThat(json.path("hung").asLong()).isPositive();
  }

  @Test
  void storm() throws Exception {
    var json = run(new StormScenario(), "--due", "100", "--rungs", "5s,30s", "--ahead", "4");

    assertThat(json.path("deliveries_per_second").asDouble()).isPositive();
    assertThat(json.path("latency_ms").path("count").asLong()).isEqualTo(100);
  }

  @Test
  void recovery() throws Exception {
    var json = run(new RecoveryScenario(), "--rate", "50", "--endpoints", "8");

    assertThat(json.path("seconds_until_delivered_again").asDouble()).isPositive();
    assertThat(json.has("repeats")).isTrue();
  }

  @Test
  void idle() throws Exception {
    var json = run(new IdleScenario(), "--subscriptions", "5", "--waiting", "50");

    assertThat(json.path("resident_mib").asDouble()).isPositive();
    assertThat(json.path("variants")).hasSize(3);
  }

  @Test
  void peer() throws Exception {
    var json = run(new PeerScenario(), "--orderings", "KEY", "--endpoints", "4");

    assertThat(json.path("deliveries_per_second").asDouble()).isPositive();
    assertThat(json.path("variants").path(1).path("worker_to_peer").asDouble()).isPositive();
  }

  @Test
  void scale() throws Exception {
    var json =
        run(
            new ScaleScenario(),
            "--subscriptions=10",
            "--hosts=3",
            "--partition-counts=1",
            "--dispatchers=2",
            "--endpoints=4");

    assertThat(json.path("variants")).hasSize(5);
  }

  private static JsonNode run(RigScenario scenario, String... arguments) throws Exception {
    new CommandLine(scenario)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .parseArgs(Stream.concat(Stream.of(arguments), TINY.stream()).toArray(String[]::new));

    var report = scenario.measure(rig);

    assertThat(report.table()).contains(report.scenario());
    assertThat(report.plot().svg()).startsWith("<svg").endsWith("</svg>\n");
    return new ObjectMapper().readTree(report.json());
  }
}
