package dev.fanfare.dispatcher.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.dispatcher.fanout.FanoutSettings.Guarantee;
import dev.fanfare.dispatcher.ingest.SourceSettings;
import dev.fanfare.dispatcher.ingest.adapter.Provider;
import dev.fanfare.schemas.id.TenantId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class FanfareConfigTest {
  private static final Map<String, String> NO_VARIABLES = Map.of();

  @Test
  void everyDefaultIsBoundAndGood() {
    var config = load("");

    assertThat(config.roles()).containsExactlyInAnyOrderElementsOf(FanfareConfig.ROLES);
    assertThat(config.kafka().bootstrap()).isEqualTo("localhost:9092");
    assertThat(config.registry().url()).isEqualTo("http://localhost:8081");
    assertThat(config.topics().input()).isEqualTo("email.events");
    assertThat(config.ladder().rungs()).hasSize(12);
    assertThat(config.delivery().schedule().span()).isEqualTo(Duration.parse("PT23H42M35S"));
    assertThat(config.fanout().guarantee()).isEqualTo(Guarantee.EXACTLY_ONCE);
    assertThat(config.api().port()).isEqualTo(8080);
    assertThat(config.api().limits().event()).isEqualTo(262_144);
    assertThat(config.api().access().apiKey()).isEmpty();
  }

  @Test
  void aDefaultThatNobodyReadsIsFound() {
    var stray = ConfigFile.of("defaults", ConfigFile.defaultText() + "\nstray: 1\n");

    assertThatThrownBy(() -> FanfareConfig.load(stray, ConfigFile.empty(), NO_VARIABLES))
        .isInstanceOf(InvalidConfig.class)
        .hasMessageContaining("stray is no known key");
  }

  static Stream<String> paths() {
    return leaves("", ConfigFile.defaults().root())
        .filter(path -> !path.startsWith("kafka.") && !path.startsWith("schema_registry."));
  }

  @ParameterizedTest
  @MethodSource("paths")
  void aKeyWithoutADefaultIsABug(String path) {
    var last = path.substring(path.lastIndexOf('.') + 1);
    var without =
        ConfigFile.defaultText().replaceFirst("(?m)^( *)" + last + ":", "$1other_" + last + ":");

    assertThatThrownBy(
            () -> FanfareConfig.load(ConfigFile.of("d", without), ConfigFile.empty(), NO_VARIABLES))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining(last + " has no default");
  }

  @ParameterizedTest
  @MethodSource("paths")
  void eachKeyHasAVariableOfItsOwn(String path) {
    var variable = Environment.variable(path);

    assertThat(paths().map(Environment::variable).filter(variable::equals)).hasSize(1);
    assertThat(
            problems("", Map.of(variable, "\u0001 no value of any kind")).stream()
                .map(ConfigProblem::where))
        .as("the variable is read: what is wrong with it is found, or it takes any text")
        .allMatch(variable::equals)
        .hasSizeBetween(path.equals("api.host") ? 0 : 1, 2);
  }

  @Test
  void tellsEveryFaultInOneRunWithKeyAndLine() {
    var found =
        problems(
            """
            api:
              prot: 80
              port: many
              open: yes
              max_body: 5 megabytes
            retry:
              ladder: [5s, soon, 5s]
            topics:
              partitions: 0
              prefix: [a]
            fanout: 7
            kafka:
              bootstrap.servers:
            egress:
              idle: 4s
              idle: 5s
            nonsense: true
            """,
            Map.of("FANFARE_FANOUT_THREADS", "-1", "FANFARE_FANOUT_TREADS", "4"));

    assertThat(found)
        .extracting(ConfigProblem::toString)
        .containsExactlyInAnyOrder(
            "test.yaml:16: egress.idle is given twice, first at test.yaml:15",
            "test.yaml:2: api.prot is no known key; did you mean api.port?",
            "test.yaml:3: api.port must be a whole number",
            "test.yaml:4: api.open must be true or false",
            "test.yaml:5: api.max_body must be a size such as 256KiB or 5MiB",
            "test.yaml:7: retry.ladder must be a duration such as 250ms, 5s or 2m",
            "test.yaml:9: topics.partitions must be between 1 and 10000",
            "test.yaml:10: topics.prefix must be one value",
            "test.yaml:11: fanout must be a mapping of keys",
            "FANFARE_FANOUT_THREADS: fanout.threads must be between 1 and 64",
            "test.yaml:13: kafka needs bootstrap.servers",
            "test.yaml:17: nonsense is no known key",
            "FANFARE_FANOUT_TREADS: stands for no known key");
  }

  @Test
  void tellsWhatASectionAsAWholeIsNot() {
    assertThat(problems("retry: {ladder: [5s, 5s]}", NO_VARIABLES))
        .extracting(ConfigProblem::toString)
        .containsExactly("test.yaml:1: retry two rungs have the delay 5s");
    assertThat(problems("api: {open: true, host: 0.0.0.0}", NO_VARIABLES))
        .extracting(ConfigProblem::toString)
        .singleElement()
        .asString()
        .contains("open must be false, since host is 0.0.0.0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          - a list              | must be a mapping of keys
          api: {port: 1         | is not YAML
          a: &x [1] \\nb: *x    | is an alias; write it out
          api: {port: !!str 80} | api.port
          a: !evil x            | has a tag, !evil
          [a]: 1                | Non scalar key
          """)
  void refusesWhatIsNoPlainYaml(String yaml, String told) {
    var found = problems(yaml.replace("\\n", "\n"), NO_VARIABLES);

    if (told.equals("api.port")) {
      assertThat(found).isEmpty(); // a tag of YAML's own says nothing new
    } else {
      assertThat(found).anySatisfy(problem -> assertThat(problem.toString()).contains(told));
    }
  }

  @Test
  void survivesAFileNestedWithoutEnd() {
    assertThat(problems("[".repeat(200_000), NO_VARIABLES)).isNotEmpty();
    assertThat(problems("a: " + "b".repeat(2_000_000), NO_VARIABLES)).isNotEmpty();
  }

  @Test
  void bindsSourcesByTheirNamesWithKeysFromTheEnvironment() {
    var yaml =
        """
        ingest:
          sources:
            acme: {provider: postmark, tenant: acme, key: from-the-file-1234}
            kumo: {provider: kumomta, tenant: acme}
        """;
    var variables = Map.of("FANFARE_INGEST_SOURCES_KUMO_KEY", "from-the-variable");

    var sources = FanfareConfig.load(ConfigFile.of("f", yaml), variables).ingest().sources();

    assertThat(sources)
        .containsExactly(
            new SourceSettings(
                "acme", Provider.POSTMARK, new TenantId("acme"), "from-the-file-1234"),
            new SourceSettings(
                "kumo", Provider.KUMOMTA, new TenantId("acme"), "from-the-variable"));
  }

  @Test
  void tellsEveryFaultOfASource() {
    var yaml =
        """
        ingest:
          sources:
            one: {provider: sendgird, tenant: "a b", keys: x}
            two: {provider: mailgun, tenant: acme, key: short}
            Three: {provider: mailgun, tenant: acme, key: 0123456789abcdef}
            four: 4
        """;

    assertThatExceptionOfType(InvalidConfig.class)
        .isThrownBy(() -> FanfareConfig.load(ConfigFile.of("f", yaml), NO_VARIABLES))
        .satisfies(e ->
            assertThat(e.problems())
                .extracting(ConfigProblem::key)
                .containsExactlyInAnyOrder(
                    "ingest.sources.one.provider",
                    "ingest.sources.one.tenant",
                    "ingest.sources.one.key",
                    "ingest.sources.one.keys",
                    "ingest.sources.two",
                    "ingest.sources.Three",
                    "ingest.sources.four"))
        .withMessageNotContaining("short");
  }

  @Test
  void theEnvironmentWinsOverTheFileAndTheFileOverTheDefaults() {
    var config =
        load(
            "api: {port: 1000, host: 127.0.0.2}\nroles: [api]",
            Map.of(
                "FANFARE_API_PORT", "2000",
                "FANFARE_ROLES", "fanout, retry",
                "FANFARE_RETRY_LADDER", "1s,5s",
                "FANFARE_API_API_KEY", "0123456789abcdef",
                "PATH", "/bin"));

    assertThat(config.api().port()).isEqualTo(2000);
    assertThat(config.api().host()).isEqualTo("127.0.0.2");
    assertThat(config.roles()).containsExactlyInAnyOrder("fanout", "retry");
    assertThat(config.ladder().rungs()).hasSize(2);
    assertThat(config.api().access().apiKey()).contains("0123456789abcdef");
  }

  @Test
  void passesPropertiesThrough() {
    var config =
        load(
            """
            kafka:
              security.protocol: SASL_SSL
              sasl.jaas.config: secret-of-kafka
              producer: {linger.ms: 7}
              consumer: {fetch.min.bytes: 9}
            schema_registry:
              basic.auth.user.info: "user:secret-of-registry"
            """,
            Map.of(
                "FANFARE_KAFKA_BOOTSTRAP_SERVERS", "k:1",
                "FANFARE_KAFKA_PRODUCER_BATCH_SIZE", "8",
                "FANFARE_SCHEMA_REGISTRY_SCHEMA_REGISTRY_URL", "http://r"));

    assertThat(config.kafka().bootstrap()).isEqualTo("k:1");
    assertThat(config.kafka().producerProperties())
        .containsEntry("linger.ms", "7")
        .containsEntry("batch.size", "8")
        .containsEntry("security.protocol", "SASL_SSL");
    assertThat(config.kafka().commonProperties()).doesNotContainKeys("linger.ms", "producer");
    assertThat(config.kafka().streamsProperties())
        .containsEntry("producer.linger.ms", "7")
        .containsEntry("consumer.fetch.min.bytes", "9");
    assertThat(config.registry().url()).isEqualTo("http://r");
    assertThat(config.toString()).doesNotContain("secret-of");
  }

  @Test
  void showsNoKey() {
    var config = load("api: {api_key: keep-this-to-yourself}");

    assertThat(config.toString()).doesNotContain("keep-this");
    assertThat(problems("api: {api_key: hush-hush}", NO_VARIABLES).toString())
        .contains("16 to 256")
        .doesNotContain("hush");
  }

  @Test
  void whatKubernetesSetsForAServiceCalledFanfareIsNoKey() {
    var variables = new HashMap<String, String>();
    for (var service : List.of("FANFARE", "FANFARE_API", "FANFARE_KAFKA")) {
      variables.put(service + "_SERVICE_HOST", "10.0.0.1");
      variables.put(service + "_SERVICE_PORT", "8080");
      variables.put(service + "_SERVICE_PORT_HTTP", "8080");
      variables.put(service + "_PORT", "tcp://10.0.0.1:8080");
      variables.put(service + "_PORT_8080_TCP", "tcp://10.0.0.1:8080");
      variables.put(service + "_PORT_8080_TCP_PROTO", "tcp");
      variables.put(service + "_PORT_8080_TCP_PORT", "8080");
      variables.put(service + "_PORT_8080_TCP_ADDR", "10.0.0.1");
    }

    var config = load("", variables);

    assertThat(config.api().port()).isEqualTo(8080);
    assertThat(config.kafka().commonProperties()).containsOnlyKeys("bootstrap.servers");
  }

  @Test
  void namesTheProcessUnlessItIsGivenAName() {
    assertThat(load("", Map.of("HOSTNAME", "pod-7")).instance())
        .isEqualTo("pod-7-" + ProcessHandle.current().pid());
    assertThat(load("instance: mine").instance()).isEqualTo("mine");
    assertThat(problems("instance: my own", NO_VARIABLES)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"0B,0", "1KiB,1024", "5MiB,5242880", "2 GiB,2147483648"})
  void readsSizes(String text, long bytes) {
    assertThat(SizeText.parse(text)).isEqualTo(bytes);
    assertThat(SizeText.parse(SizeText.format(bytes))).isEqualTo(bytes);
  }

  private static FanfareConfig load(String yaml) {
    return load(yaml, NO_VARIABLES);
  }

  private static FanfareConfig load(String yaml, Map<String, String> variables) {
    return FanfareConfig.load(ConfigFile.of("test.yaml", yaml), variables);
  }

  private static List<ConfigProblem> problems(String yaml, Map<String, String> variables) {
    var problems = new ArrayList<ConfigProblem>();
    try {
      var _ = load(yaml, variables);
    } catch (InvalidConfig e) {
      assertThatExceptionOfType(InvalidConfig.class).isThrownBy(() -> load(yaml, variables));
      problems.addAll(e.problems());
    }
    return problems;
  }

  private static Stream<String> leaves(String path, Entry entry) {
    if (entry instanceof Entry.Mapping mapping && !mapping.entries().isEmpty()) {
      return mapping.entries().entrySet().stream()
          .flatMap(
              it -> leaves(path.isEmpty() ? it.getKey() : path + "." + it.getKey(), it.getValue()));
    }
    return Stream.of(path);
  }
}
