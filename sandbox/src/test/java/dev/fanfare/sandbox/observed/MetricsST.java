package dev.fanfare.sandbox.observed;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.sandbox.Sandbox;
import dev.fanfare.sandbox.SandboxSettings;
import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.sandbox.observed.Deployed.Expression;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.testkit.process.Ports;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/// Rules and dashboards on a real Prometheus that scrapes the sandbox: the demo's traffic, an
/// endpoint that fails until its deliveries are dead and one that is gone.
@Tag("long")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class MetricsST {
  private static final Duration ENOUGH = Duration.ofSeconds(75);
  private static final int MOST_SERIES = 2_500;
  private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

  private Sandbox sandbox;
  private Prometheus prometheus;
  private Receiver receiver;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    Prometheus.program("prometheus"); // before anything is started
    receiver = Receiver.start();
    int port = Ports.free();
    var place = directory.resolve("sandbox");
    sandbox =
        Sandbox.start(
            new SandboxSettings(port, Ports.free(), Ports.free(), place, /* demo= */ true),
            _ -> {});
    prometheus =
        Prometheus.start(directory.resolve("prometheus"), "127.0.0.1:" + port, Deployed.RULES);
    await().atMost(ENOUGH).until(prometheus::isReady);
    // Faults begin when the counters have been seen without them.
    await().atMost(ENOUGH).until(() -> !values("fanfare_endpoints_disabled_total").isEmpty());
    makeFaults();
  }

  private void makeFaults() throws IOException {
    receiver.answer(request -> Answer.status(request.target().startsWith("/gone") ? 410 : 500));
    var api = new ApiClient(sandbox.api());
    for (var path : List.of("/failing", "/gone")) {
      var made =
          api.post(
              "/v1/subscriptions",
              Map.of(
                  "tenant",
                  "acme",
                  "url",
                  receiver.url(path).toString(),
                  "event_types",
                  List.of("*"),
                  "retry_schedule",
                  List.of("1s")));
      assertThat(made.isGood()).as("%s", made).isTrue();
    }
  }

  /// As a platform does that is traced.
  private void sendTraced() throws Exception {
    var events =
        new AvroSerdes(RegistrySettings.at(sandbox.registry().toString())).<EmailEvent>serializer();
    var settings = Map.<String, Object>of("bootstrap.servers", sandbox.bootstrap());
    try (var producer = new KafkaProducer<>(settings, new StringSerializer(), events)) {
      for (int i = 0; i < 5; i++) {
        var event =
            EmailEvent.newBuilder()
                .setEventId("evt_" + UUID.randomUUID())
                .setTenant("acme")
                .setType("email.delivered")
                .setOccurredAt(Instant.now())
                .setMessageId("msg_" + i)
                .setRecipient("ada@customer.example")
                .build();
        var record = new ProducerRecord<>(sandbox.input(), event.getMessageId(), event);
        record
            .headers()
            .add("traceparent", ("00-" + TRACE + "-00f067aa0ba902b7-01").getBytes(US_ASCII));
        producer.send(record).get(30, TimeUnit.SECONDS);
      }
    }
  }

  @AfterAll
  void stop() {
    if (prometheus != null) {
      prometheus.close();
    }
    if (sandbox != null) {
      sandbox.close();
    }
    if (receiver != null) {
      receiver.close();
    }
  }

  private List<Double> values(String expression) throws IOException, InterruptedException {
    return prometheus.values(expression);
  }

  @Test
  void everyExpressionOfDashboardsAndRulesHasData() throws IOException {
    var without = new ArrayList<>(Deployed.shown());
    without.addAll(Deployed.lookedAt());
    assertThat(without).hasSizeGreaterThan(100);

    await()
        .atMost(ENOUGH)
        .pollInterval(Duration.ofSeconds(2))
        .untilAsserted(() -> {
          for (var each : List.copyOf(without)) {
            if (!values(each.text()).isEmpty()) {
              without.remove(each);
            }
          }
          assertThat(without).extracting(Expression::where, Expression::text).isEmpty();
        });
  }

  @Test
  void anAlertFiresOnWhatHappenedAndNoneOnWhatDidNot() {
    await()
        .atMost(ENOUGH)
        .until(() ->
            !values(
                    "ALERTS{alertname=\"FanfareEndpointDisabled\",reason=\"gone\","
                        + "alertstate=\"firing\"}")
                .isEmpty());
    await()
        .during(Duration.ofSeconds(2))
        .until(() ->
            values("ALERTS{alertstate=\"firing\",alertname!=\"FanfareEndpointDisabled\"}")
                .isEmpty());
  }

  @Test
  void aTraceOfTheProducersIsFoundFromTheLatencyOfItsAttempts() {
    await()
        .atMost(ENOUGH)
        .pollInterval(Duration.ofSeconds(2))
        .until(() -> {
          sendTraced(); // an exemplar is shown for a minute only
          return prometheus.traces("fanfare_attempt_seconds_bucket").contains(TRACE);
        });
  }

  @Test
  void seriesAreFewAndEndpointsNamed() {
    await()
        .atMost(ENOUGH)
        .until(() -> !values("fanfare_endpoint_breaker{subscription!=\"\"} > 0").isEmpty());
    await()
        .atMost(ENOUGH)
        .untilAsserted(() -> {
          var series = values("scrape_samples_post_metric_relabeling");
          assertThat(series).hasSize(1);
          System.out.printf(
              "series of one process: %s, scraped in %s s%n",
              series.getFirst(), values("max_over_time(scrape_duration_seconds[5m])"));
          assertThat(series.getFirst()).isBetween(200.0, (double) MOST_SERIES);
        });
  }

  @Test
  void rulesAreSoundAndPassTheirOwnTests() throws IOException, InterruptedException {
    var checked = Prometheus.promtool(Deployed.PROMETHEUS, "check", "config", "prometheus.yml");
    assertThat(checked.text()).contains("rules found");
    assertThat(checked.code()).as(checked.text()).isZero();

    var tested =
        Prometheus.promtool(Deployed.PROMETHEUS, "test", "rules", Deployed.RULE_TESTS.toString());
    assertThat(tested.code()).as(tested.text()).isZero();
  }
}
