package dev.fanfare.sandbox.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.marcnuri.helm.Helm;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The chart, as Helm itself renders it, held to Kubernetes' own description of what it takes, and
/// to what the code says of topics, configuration and metrics.
@EnabledOnOs(
    value = OS.LINUX,
    architectures = "amd64",
    disabledReason = "the build has Helm as a library for linux/amd64")
class HelmChartIT {
  private static final Map<String, Object> EVERYTHING =
      Map.of(
          "components.worker.autoscaling.enabled",
          true,
          "strimziTopics.enabled",
          true,
          "secrets.environment.FANFARE_KAFKA_SASL_JAAS_CONFIG.name",
          "fanfare-kafka",
          "secrets.environment.FANFARE_KAFKA_SASL_JAAS_CONFIG.key",
          "sasl.jaas.config");

  @Test
  void helmFindsNothingWrong() {
    var result = new Helm(Chart.HOME).lint().strict().call();

    assertThat(result.isFailed()).as("%s", result.getMessages()).isFalse();
  }

  @Test
  void kubernetesTakesAllOfIt() {
    for (var values : Stream.of(Map.<String, Object>of(), EVERYTHING).toList()) {
      var ours =
          Chart.with(values).resources().stream()
              .filter(it -> !Chart.kind(it).equals("KafkaTopic"))
              .toList();

      assertThat(ours).hasSizeGreaterThanOrEqualTo(10).allSatisfy(Chart::requireValid);
    }
  }

  @Test
  void aMisspeltFieldWouldBeFound() {
    var misspelt = Chart.with(Map.of()).one("StatefulSet", "fanfare-worker");
    Chart.at(misspelt, "spec/template/spec/containers/0")
        .getAsJsonObject()
        .addProperty("readynessProbe", 1);

    assertThatThrownBy(() -> Chart.requireValid(misspelt))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("readynessProbe");
  }

  /// What a pod starts with is a configuration that the program takes: no unknown key, no unknown
  /// variable.
  @ParameterizedTest
  @ValueSource(strings = {"fanfare-worker", "fanfare-log"})
  void theProgramTakesItsConfiguration(String name) {
    var chart = Chart.with(EVERYTHING);
    var yaml =
        Chart.at(chart.one("ConfigMap", "fanfare"), "data")
            .getAsJsonObject()
            .get("fanfare.yaml")
            .getAsString();

    var config =
        FanfareConfig.load(
            ConfigFile.of("fanfare.yaml", yaml), environment(chart.one("StatefulSet", name)));

    assertThat(config.instance()).isEqualTo("pod-0");
    assertThat(config.kafka().bootstrap()).isEqualTo("kafka-bootstrap:9093");
    assertThat(config.roles())
        .containsExactlyInAnyOrderElementsOf(
            name.endsWith("log") ? List.of("log", "api") : List.of("fanout", "deliver", "retry"));
    assertThat(config.log().peers().advertised()).contains("pod-0." + name + ".mail.svc:8080");
  }

  /// As a pod has it; of secrets some text.
  private static Map<String, String> environment(JsonObject processes) {
    var environment = new HashMap<String, String>();
    for (var variable : env(processes)) {
      var value = variable.getAsJsonObject().get("value");
      environment.put(
          variable.getAsJsonObject().get("name").getAsString(),
          value == null
              ? "a-secret-of-some-length"
              : value.getAsString().replace("$(POD)", "pod-0"));
    }
    return environment;
  }

  private static Iterable<JsonElement> env(JsonObject processes) {
    return Chart.at(processes, "spec/template/spec/containers/0/env").getAsJsonArray();
  }

  @Test
  void secretsAreNamedAndNeverWritten() {
    var chart = Chart.with(EVERYTHING);

    assertThat(chart.all("Secret")).isEmpty();
    for (var processes : chart.all("StatefulSet")) {
      assertThat(env(processes))
          .filteredOn(it ->
              it.getAsJsonObject()
                  .get("name")
                  .getAsString()
                  .matches(".*(KEY|PASSWORD|JAAS_CONFIG)"))
          .hasSize(2)
          .allMatch(it -> it.toString().contains("secretKeyRef"));
      assertThat(Chart.at(processes, "spec/template/spec/volumes").toString())
          .contains("{\"secretName\":\"fanfare\",\"items\":[{\"key\":\"keyset.json\"");
    }
  }

  @Test
  void noPodMayDoMoreThanItMust() {
    for (var processes : Chart.with(EVERYTHING).all("StatefulSet")) {
      var pod = Chart.at(processes, "spec/template/spec");
      assertThat(Chart.at(pod, "securityContext/runAsNonRoot").getAsBoolean()).isTrue();
      assertThat(Chart.at(pod, "automountServiceAccountToken").getAsBoolean()).isFalse();
      var container = Chart.at(pod, "containers/0/securityContext");
      assertThat(Chart.at(container, "readOnlyRootFilesystem").getAsBoolean()).isTrue();
      assertThat(Chart.at(container, "allowPrivilegeEscalation").getAsBoolean()).isFalse();
      assertThat(Chart.at(container, "capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
      for (var probe : List.of("startupProbe", "readinessProbe", "livenessProbe")) {
        assertThat(Chart.at(pod, "containers/0/" + probe + "/httpGet/path").getAsString())
            .isEqualTo(probe.startsWith("readiness") ? "/health/ready" : "/health/live");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "10.96.0.1",
        "10.244.3.7",
        "172.20.0.1",
        "192.168.1.1",
        "100.64.0.1",
        "169.254.169.254",
        "127.0.0.1",
        "fd00::1",
        "fe80::1",
        "::1",
        "64:ff9b::a00:1"
      })
  void theNetworkLeadsToNoAddressOfAClusterOrAHost(String address) {
    var target = literal(address);
    var egress =
        Chart.at(Chart.with(Map.of()).one("NetworkPolicy", "fanfare"), "spec/egress")
            .getAsJsonArray();
    var blocks =
        egress.asList().stream()
            .flatMap(rule -> Chart.at(rule, "to").getAsJsonArray().asList().stream())
            .map(JsonElement::getAsJsonObject)
            .filter(it -> it.has("ipBlock"))
            .map(it -> it.getAsJsonObject("ipBlock"))
            .toList();

    assertThat(blocks).hasSize(2);
    assertThat(blocks)
        .noneMatch(block ->
            holds(block.get("cidr"), target)
                && block.getAsJsonArray("except").asList().stream()
                    .noneMatch(except -> holds(except, target)));
  }

  private static boolean holds(JsonElement network, InetAddress address) {
    var parts = network.getAsString().split("/", -1);
    byte[] start = literal(parts[0]).getAddress();
    byte[] asked = address.getAddress();
    if (start.length != asked.length) {
      return false;
    }
    for (int bit = 0; bit < Integer.parseInt(parts[1]); bit++) {
      int mask = 0x80 >> (bit % 8);
      if ((start[bit / 8] & mask) != (asked[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }

  private static InetAddress literal(String address) {
    return InetAddress.ofLiteral(address);
  }

  @Test
  void theTopicsAreThosePlanned() {
    var config = FanfareConfig.load(ConfigFile.empty(), Map.of());
    var planned = new TreeMap<String, String>();
    for (var topic : TopicPlan.of(config.topics(), config.ladder()).topics()) {
      var settings = new TreeMap<String, String>(topic.settings());
      settings.put("min.insync.replicas", "2");
      planned.put(topic.name(), topic.partitions() + " × 3 " + settings);
    }

    var made = new TreeMap<String, String>();
    for (var topic : Chart.with(EVERYTHING).all("KafkaTopic")) {
      var settings = new TreeMap<String, String>();
      Chart.at(topic, "spec/config")
          .getAsJsonObject()
          .asMap()
          .forEach((name, value) -> settings.put(name, value.getAsString()));
      made.put(
          Chart.at(topic, "spec/topicName").getAsString(),
          Chart.at(topic, "spec/partitions").getAsInt()
              + " × "
              + Chart.at(topic, "spec/replicas").getAsInt()
              + " "
              + settings);
    }

    assertThat(made).isEqualTo(planned);
  }

  @Test
  void itIsScaledByAMetricThatThereIs() throws IOException {
    var scaler = Chart.with(EVERYTHING).one("HorizontalPodAutoscaler", "fanfare-worker");

    var metric = Chart.at(scaler, "spec/metrics/0/external/metric/name").getAsString();

    assertThat(Files.readString(Path.of("../docs/generated/metrics.md")))
        .contains("`" + metric.replace("_seconds", "") + "`"); // the page names no units
    assertThat(
            Chart.at(Chart.with(EVERYTHING).one("StatefulSet", "fanfare-worker"), "spec")
                .getAsJsonObject()
                .has("replicas"))
        .as("who scales decides how many")
        .isFalse();
  }
}
