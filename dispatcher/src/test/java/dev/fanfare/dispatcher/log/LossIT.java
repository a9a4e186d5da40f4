package dev.fanfare.dispatcher.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.app.TestFanfare;
import dev.fanfare.testkit.kafka.SharedKafka;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The ledger can fail: it finds what is taken away behind its back, and nothing else.
class LossIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int PARTITIONS = 4;

  @TempDir private Path directory;

  @Test
  void aWaitingRecordThatIsDeletedIsUnaccountedFor() throws Exception {
    var config = LogRig.config(SharedKafka.prefix(LossIT.class), directory, "threads: 1", "1h");
    try (var receiver = Receiver.start();
        var fanfare = TestFanfare.start(config, EnumSet.allOf(Role.class))) {
      // Given two deliveries that wait for an hour
      receiver.answer(Answer.status(503));
      LogRig.subscribe(fanfare, receiver, "/a", "1h");
      LogRig.send(fanfare, "evt_1", "ann@example.com");
      LogRig.send(fanfare, "evt_2", "ann@example.com");
      await()
          .atMost(SOON)
          .until(() -> LogRig.items(fanfare, "/v1/deliveries?status=retrying").size() == 2);
      await()
          .atMost(SOON)
          .untilAsserted(() -> {
            var overview = fanfare.get("/v1/overview").json();
            assertThat(overview.path("waiting").path(0).path("rung").asText()).isEqualTo("1h");
            assertThat(overview.path("waiting").path(0).path("waiting").asInt()).isEqualTo(2);
          });
      assertThat(ledger(fanfare).path("unaccounted").asInt()).isZero();
      assertThat(ledger(fanfare).path("waiting").asInt()).isEqualTo(2);

      // When what waits is deleted
      deleteAll(config.topics().prefix() + "retry.1h");

      // Then both are missed, and named
      await().atMost(SOON).until(() -> ledger(fanfare).path("unaccounted").asInt() == 2);
      var lost = LogRig.items(fanfare, "/v1/ledger/unaccounted");
      assertThat(lost)
          .hasSize(2)
          .allSatisfy(it -> {
            assertThat(it.path("finding").asText()).isEqualTo("deleted_unread");
            assertThat(it.path("rung").asText()).isEqualTo("1h");
          });
      assertThat(fanfare.get("/metrics").text()).contains("fanfare_ledger_unaccounted 2.0");
    }
  }

  private static JsonNode ledger(TestFanfare fanfare) {
    return fanfare.get("/v1/ledger").json();
  }

  private static void deleteAll(String topic) throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", SharedKafka.bootstrap()))) {
      var asked = new HashMap<TopicPartition, OffsetSpec>();
      for (int i = 0; i < PARTITIONS; i++) {
        asked.put(new TopicPartition(topic, i), OffsetSpec.latest());
      }
      var all = new HashMap<TopicPartition, RecordsToDelete>();
      admin
          .listOffsets(asked)
          .all()
          .get()
          .forEach((at, end) -> all.put(at, RecordsToDelete.beforeOffset(end.offset())));
      admin.deleteRecords(all).all().get();
    }
  }
}
