package dev.fanfare.testkit.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// On the embedded broker, or on the public image with `-Pcontainers`.
class SharedKafkaIT {
  @Test
  void isOneBrokerForAll() throws Exception {
    var messages = new Messages(SharedKafka.bootstrap(), SharedKafka.prefix(getClass()) + "shared");
    messages.createTopic();
    messages.write(0, 10);

    var again = new Messages(SharedKafka.bootstrap(), messages.topic());

    assertThat(again.read(10)).isEqualTo(Messages.numbered(0, 10));
  }

  @Test
  void givesEachItsOwnPrefix() {
    assertThat(SharedKafka.prefix(getClass()))
        .matches("shared-kafka-it-\\d+\\.")
        .isNotEqualTo(SharedKafka.prefix(getClass()));
  }
}
