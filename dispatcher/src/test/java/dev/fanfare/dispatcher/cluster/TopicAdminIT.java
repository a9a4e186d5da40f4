package dev.fanfare.dispatcher.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.Rung;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.process.Ports;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicAdminIT {
  private final String prefix = SharedKafka.prefix(TopicAdminIT.class);
  private final KafkaSettings kafka = KafkaSettings.at(SharedKafka.bootstrap());
  private final TopicPlan plan =
      TopicPlan.of(
          new TopicSettings(prefix, "in-" + prefix + "events", 3, -1),
          new DelayLadder(List.of(Rung.of("5s"), Rung.of("2m"))));

  @Test
  void makesWhatIsMissingOnceAndFindsItFit() {
    try (var admin = TopicAdmin.connect(kafka)) {
      assertThat(admin.verify(plan)).hasSize(plan.topics().size());

      var created = admin.createMissing(plan);

      assertThat(created)
          .containsExactlyElementsOf(plan.topics().stream().map(PlannedTopic::name).toList());
      assertThat(admin.verify(plan)).isEmpty();
      admin.require(plan);
      assertThat(admin.createMissing(plan)).isEmpty();
    }
  }

  @Test
  void leavesWhatExistsAsItIsAndRefusesIt() throws Exception {
    var rung = prefix + "retry.5s";
    try (var raw = Admin.create(kafka.adminProperties());
        var admin = TopicAdmin.connect(kafka)) {
      raw.createTopics(
              List.of(
                  new NewTopic(rung, Optional.of(1), Optional.empty())
                      .configs(Map.of("retention.ms", "60000"))))
          .all()
          .get();

      var created = admin.createMissing(plan);

      assertThat(created).hasSize(plan.topics().size() - 1).doesNotContain(rung);
      assertThatThrownBy(() -> admin.require(plan))
          .isInstanceOf(UnusableCluster.class)
          .hasMessageContaining(rung + " has retention.ms=60000, less than 172805s")
          .hasMessageContaining("set retention.ms to at least 172805000")
          .hasMessageContaining(rung + " has message.timestamp.type=CreateTime");

      repair(raw, rung);
      await().until(() -> admin.verify(plan).isEmpty()); // brokers learn of it a moment later
      admin.require(plan);
    }
  }

  private static void repair(Admin raw, String rung) throws Exception {
    var operations =
        List.of(
            new AlterConfigOp(
                new ConfigEntry("retention.ms", "172805000"), AlterConfigOp.OpType.SET),
            new AlterConfigOp(
                new ConfigEntry("message.timestamp.type", "LogAppendTime"),
                AlterConfigOp.OpType.SET));
    raw.incrementalAlterConfigs(
            Map.of(new ConfigResource(ConfigResource.Type.TOPIC, rung), operations))
        .all()
        .get();
  }

  @Test
  void saysInTimeWhenNobodyAnswers() {
    var nobody = "127.0.0.1:" + Ports.free();
    long start = System.nanoTime();

    assertThatThrownBy(() -> TopicAdmin.connect(KafkaSettings.at(nobody)))
        .isInstanceOf(UnusableCluster.class)
        .hasMessage("no Kafka broker answers at bootstrap.servers=" + nobody);

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(12));
  }

  @ParameterizedTest
  @ValueSource(strings = {"no-such-host.invalid:9092", "no port"})
  void saysWhatIsWrongWithAnAddress(String bootstrap) {
    assertThatThrownBy(() -> TopicAdmin.connect(KafkaSettings.at(bootstrap)))
        .isInstanceOf(UnusableCluster.class)
        .hasMessageStartingWith("can't connect to Kafka at bootstrap.servers=" + bootstrap);
  }
}
