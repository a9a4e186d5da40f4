package dev.fanfare.dispatcher.app;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.app.TestFanfare.Reply;
import dev.fanfare.dispatcher.cluster.Acl;
import dev.fanfare.dispatcher.cluster.KafkaSettings;
import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import dev.fanfare.dispatcher.cluster.UnusableCluster;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.schemas.topic.Topics;
import dev.fanfare.testkit.kafka.RecordingAuthorizer.Asked;
import dev.fanfare.testkit.kafka.SecuredKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// On a cluster with TLS, SASL and ACLs: what [AclPlan] lists is enough, all of it is needed, and
/// what is missing is said.
@Tag("long")
class SecuredKafkaIT {
  private static final String RULES =
      "{\"items\":[{\"id\":\"letters\",\"kind\":\"dead_letters\",\"threshold\":1,\"resolve_below\":1,\"window\":\"1h\"}]}";

  private static SecuredKafka kafka;

  @TempDir static Path directory;

  @BeforeAll
  static void start() throws Exception {
    kafka = SecuredKafka.start(directory.resolve("kafka"));
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"SCRAM-SHA-512", "OAUTHBEARER"})
  void oneProcessWorksWithWhatIsListedForAllRoles(String mechanism) {
    var roles = EnumSet.allOf(Role.class);
    var user = "all-" + mechanism;
    var prefix = mechanism.toLowerCase(Locale.ROOT) + ".";
    var client = mechanism.startsWith("SCRAM") ? kafka.scram(user) : kafka.bearer(user);
    makeTopics(prefix);
    var config = config(client, prefix, user);
    allow(user, AclPlan.of(config.topics().topics(), roles));
    try (var fanfare = TestFanfare.startOn(config, roles);
        var receiver = Receiver.start()) {
      exercise(fanfare, Map.of("all", fanfare), receiver);

      // and what the API shows of the log
      awaits()
          .until(() -> {
            var ledger = fanfare.get("/v1/ledger").json();
            return ledger.path("complete").asBoolean()
                && ledger.path("delivered").asInt() >= 2
                && ledger.path("unaccounted").asInt(-1) == 0;
          });
      var listed = fanfare.get("/v1/deliveries?status=delivered").json();
      assertThat(listed.path("items").size()).isGreaterThanOrEqualTo(2);
      assertThat(fanfare.status(fanfare.request("/v1/stream"))).isEqualTo(200);
    }
    assertThat(denied(user)).isEmpty();
  }

  @Test
  void aProcessForEachRoleWorksWithWhatIsListedForItAndNeedsAllOfIt() {
    var prefix = "split.";
    makeTopics(prefix);
    var running = new EnumMap<Role, TestFanfare>(Role.class);
    try (var receiver = Receiver.start()) {
      for (var role : Role.values()) {
        var user = "only-" + role.word();
        var config = config(kafka.scram(user), prefix, user);
        allow(user, AclPlan.of(config.topics().topics(), Set.of(role)));
        running.put(role, TestFanfare.startOn(config, Set.of(role)));
      }
      var named =
          running.entrySet().stream()
              .collect(Collectors.toMap(it -> it.getKey().word(), Map.Entry::getValue));
      exercise(requireNonNull(running.get(Role.API)), named, receiver);
    } finally {
      running.values().forEach(TestFanfare::close);
    }
    for (var role : Role.values()) {
      var user = "only-" + role.word();
      assertThat(denied(user)).as(user).isEmpty();
      var acls =
          AclPlan.of(requireNonNull(running.get(role)).config().topics().topics(), Set.of(role));
      assertThat(acls).as(user).allMatch(acl -> isUsed(acl, kafka.asked(user)));
    }
  }

  @ParameterizedTest
  @EnumSource(Role.class)
  void aProcessThatLacksOneIsToldWhich(Role role) {
    // Given
    var prefix = "lacking-" + role.word() + ".";
    makeTopics(prefix);
    kafka.makeTopics(LogRole.changelogs(config(Map.of(), prefix, "").topics().topics()));
    var all = AclPlan.of(config(Map.of(), prefix, "").topics().topics(), Set.of(role));
    var bindings = new ArrayList<AclBinding>();
    for (var lacking : all) {
      var others = new ArrayList<>(all);
      others.remove(lacking);
      others.forEach(acl -> bindings.add(binding("without-" + prefix + lacking, acl)));
    }
    kafka.allow(bindings);

    for (var lacking : all) {
      // When
      var user = "without-" + prefix + lacking;
      var config = config(kafka.bearer(user), prefix, "lacking");

      // Then
      assertThatThrownBy(() -> TestFanfare.startOn(config, Set.of(role)).close())
          .as("without %s", lacking)
          .isInstanceOf(UnusableCluster.class)
          .hasMessageContaining(lacking + ": denied for ");
    }
  }

  /// What a running dispatcher says when something is taken from it, and that it goes on by itself
  /// when it has it again.
  @Test
  void whatIsTakenAwayLaterShowsInTheHealth() {
    var prefix = "taken.";
    var roles = EnumSet.of(Role.API, Role.FANOUT, Role.DELIVER, Role.RETRY);
    makeTopics(prefix);
    var config = config(kafka.scram("taken"), prefix, "taken");
    allow("taken", AclPlan.of(config.topics().topics(), roles));
    try (var receiver = Receiver.start();
        var fanfare = TestFanfare.startOn(config, roles)) {
      awaitReady(fanfare);
      subscribe(fanfare, receiver.url("/").toString());
      for (var taken :
          List.of(
              "Write topic taken.attempts",
              "Write transactional-id taken.delivery.*",
              "Read group taken.delivery",
              "Write topic taken.deliveries")) {
        var acl =
            AclPlan.of(config.topics().topics(), roles).stream()
                .filter(it -> it.toString().equals(taken))
                .findFirst()
                .orElseThrow();
        kafka.withdraw(binding("taken", acl));
        var before = receiver.count();
        send(fanfare, "evt_" + before + "_" + taken.replaceAll("[^a-z]", ""));
        awaits()
            .alias(taken + " is missed")
            .until(() -> fanfare.get("/health/ready").text(), it -> it.contains(acl.name()));
        kafka.allow(List.of(binding("taken", acl)));
        awaits().until(() -> receiver.count() > before);
        awaitReady(fanfare);
      }
    }
  }

  /// Everything that a dispatcher does with Kafka: events that are delivered, retried and dead, a
  /// replay, a preview, a rule for alerts, a key.
  private static void exercise(TestFanfare api, Map<String, TestFanfare> all, Receiver receiver) {
    all.values().forEach(SecuredKafkaIT::awaitReady);
    good(
        api.send(
            api.request("/v1/alert-rules")
                .header("Content-Type", "application/json")
                .PUT(BodyPublishers.ofString(RULES))));
    receiver.answerInOrder(Answer.status(500), Answer.OK, Answer.status(410), Answer.OK);
    var good = subscribe(api, receiver.url("/good").toString());
    send(api, "evt_retried");
    awaits().until(() -> receiver.count() == 2);
    good(api.post("/v1/subscriptions/" + good + "/pause", "{}"));
    var gone = subscribe(api, receiver.url("/gone").toString());
    send(api, "evt_dead");
    awaits().until(() -> receiver.count() == 3);
    // The endpoint was disabled by its 410; its owner says that it is well again.
    awaits()
        .until(
            () -> api.get("/v1/subscriptions/" + gone).text(),
            it -> it.contains("\"status\":\"disabled\""));
    good(api.post("/v1/subscriptions/" + gone + "/resume", "{}"));
    var wish = "{\"source\":\"dead-letters\",\"filter\":{\"subscription\":\"%s\"}%s}";
    awaits()
        .until(
            () -> api.post("/v1/replays", wish.formatted(gone, ",\"dry_run\":true")).text(),
            it -> it.contains("\"count\":1,"));
    good(api.post("/v1/replays", wish.formatted(gone, "")));
    awaits().until(() -> receiver.count() == 4);
    good(
        api.post(
            "/v1/subscriptions/preview",
            "{\"tenant\":\"acme\",\"event_types\":[\"*\"],\"filter\":{\"expression\":\"true\"}}"));
    good(api.post("/v1/keys", "{\"role\":\"viewer\"}"));
    awaits().until(() -> api.get("/v1/alerts").text().contains("\"letters\""));
    // Replays of the other two sources, and what nobody can read.
    for (var source : List.of("events", "deliveries")) {
      var of = "{\"source\":\"%s\",\"filter\":{\"subscription\":\"%s\"}%s}";
      good(api.post("/v1/replays", of.formatted(source, gone, ",\"dry_run\":true")));
      var job = good(api.post("/v1/replays", of.formatted(source, gone, ""))).json();
      awaits()
          .until(() ->
              api.get("/v1/replays/" + job.path("id").asText())
                  .json()
                  .path("state")
                  .asText()
                  .equals("finished"));
    }
    produceGarbage(api.config().topics().topics());
    all.values().forEach(SecuredKafkaIT::awaitReady);
  }

  private static void produceGarbage(Topics topics) {
    try (var producer =
            new KafkaProducer<>(
                Map.<String, Object>of("bootstrap.servers", kafka.open()),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        var consumer =
            new KafkaConsumer<>(
                Map.<String, Object>of(
                    "bootstrap.servers", kafka.open(), "isolation.level", "read_committed"),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
      for (var topic : List.of(topics.events().name(), topics.deliveries().name())) {
        producer.send(new ProducerRecord<>(topic, new byte[] {1}, new byte[] {2})).get();
      }
      var rejected =
          IntStream.range(0, 2)
              .mapToObj(it -> new TopicPartition(topics.rejected().name(), it))
              .toList();
      awaits()
          .until(
              () -> consumer.endOffsets(rejected).values().stream().mapToLong(it -> it).sum() >= 2);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static String subscribe(TestFanfare api, String url) {
    var made =
        api.post(
            "/v1/subscriptions",
            "{\"tenant\":\"acme\",\"url\":\"%s\",\"event_types\":[\"*\"]}".formatted(url));
    return good(made).json().path("id").asText();
  }

  private static void send(TestFanfare api, String id) {
    var sent =
        api.post(
            "/v1/events",
            "{\"event_id\":\"%s\",\"tenant\":\"acme\",\"type\":\"email.delivered\",\"recipient\":\"a@b.example\",\"message_id\":\"m\"}"
                .formatted(id));
    good(sent);
  }

  private static Reply good(Reply reply) {
    assertThat(reply.status()).as(reply.text()).isBetween(200, 299);
    return reply;
  }

  private static void awaitReady(TestFanfare fanfare) {
    awaits()
        .until(
            () -> fanfare.get("/health/ready").text(), it -> it.contains("\"status\":\"ready\""));
  }

  private static ConditionFactory awaits() {
    return await().atMost(Duration.ofSeconds(30));
  }

  private static Set<Asked> denied(String user) {
    return kafka.asked(user).stream().filter(it -> !it.allowed()).collect(Collectors.toSet());
  }

  private static boolean isUsed(Acl acl, Set<Asked> asked) {
    return asked.stream()
        .anyMatch(it ->
            it.operation() == operation(acl)
                && type(acl) == it.type()
                && acl.covers(acl.kind(), it.name()));
  }

  private static void allow(String user, Collection<Acl> acls) {
    kafka.allow(acls.stream().map(acl -> binding(user, acl)).toList());
  }

  private static AclBinding binding(String user, Acl acl) {
    return new AclBinding(
        new ResourcePattern(type(acl), acl.name(), PatternType.valueOf(acl.match().name())),
        new AccessControlEntry("User:" + user, "*", operation(acl), AclPermissionType.ALLOW));
  }

  private static ResourceType type(Acl acl) {
    return ResourceType.valueOf(acl.kind().name());
  }

  private static AclOperation operation(Acl acl) {
    return AclOperation.valueOf(acl.operation().name());
  }

  private static void makeTopics(String prefix) {
    var config = config(Map.of(), prefix, "");
    try (var admin = TopicAdmin.connect(KafkaSettings.at(kafka.open()))) {
      var _ = admin.createMissing(TopicPlan.of(config.topics(), config.ladder()));
    }
  }

  private static FanfareConfig config(Map<String, String> client, String prefix, String instance) {
    var lines = new StringBuilder();
    client.forEach((name, value) ->
        lines
            .append("  ")
            .append(name)
            .append(": \"")
            .append(value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n"))
            .append("\"\n"));
    var yaml =
        """
        instance: "%s"
        kafka:
        %s
        schema_registry: {schema.registry.url: "mock://%s"}
        topics: {prefix: %s, input: in-%sevents, partitions: 2}
        retry: {ladder: [1s], schedule: [1s, 1s, 1s]}
        egress: {allow_http: true, allowed_networks: [127.0.0.0/8]}
        log: {directory: "%s", ledger_interval: 500ms, commit_interval: 100ms}
        api: {port: 0, api_key: %s}
        alerts: {every: 200ms}
        """
            .formatted(
                instance,
                lines.isEmpty() ? "  bootstrap.servers: unused" : lines,
                prefix.replace(".", ""),
                prefix,
                prefix,
                directory.resolve("log-" + instance),
                TestFanfare.KEY);
    return FanfareConfig.load(ConfigFile.of("test.yaml", yaml + TestFanfare.SECRETS), Map.of());
  }
}
