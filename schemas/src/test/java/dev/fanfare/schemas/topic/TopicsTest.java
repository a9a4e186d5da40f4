package dev.fanfare.schemas.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class TopicsTest {
  @Test
  void namesAreThoseOfTheDesign() {
    var topics = Topics.defaults();

    assertThat(topics.events().name()).isEqualTo("email.events");
    assertThat(topics.fixed().stream().map(Topic::name))
        .containsExactlyInAnyOrder(
            "fanfare.subscriptions",
            "fanfare.endpoints",
            "fanfare.tenants",
            "fanfare.deliveries",
            "fanfare.attempts",
            "fanfare.dead-letters",
            "fanfare.rejected",
            "fanfare.replays",
            "fanfare.alerts",
            "fanfare.alert-rules");
    assertThat(topics.retry("5s", Duration.ofSeconds(5)).name()).isEqualTo("fanfare.retry.5s");
  }

  @Test
  void thePrefixIsPutBeforeEverythingButTheInput() {
    var topics = new Topics("staging.", "mail-events");

    assertThat(topics.events().name()).isEqualTo("mail-events");
    assertThat(topics.fixed()).allMatch(topic -> topic.name().startsWith("staging."));
    assertThat(topics.retry("1h", Duration.ofHours(1)).name()).isEqualTo("staging.retry.1h");
  }

  @Test
  void aRungOutlastsItsDelayAndAnOutage() {
    var rung = Topics.defaults().retry("7h", Duration.ofHours(7));

    assertThat(rung.leastRetention()).contains(Duration.ofHours(7 + 48));
    assertThat(rung.brokerTime()).as("the head of a partition is the earliest").isTrue();
  }

  @Test
  void onlyStateIsCompacted() {
    var topics = Topics.defaults();

    assertThat(topics.fixed().stream().filter(topic -> topic.cleanup() == Cleanup.COMPACT))
        .containsExactlyInAnyOrder(
            topics.subscriptions(),
            topics.endpoints(),
            topics.tenants(),
            topics.replays(),
            topics.alertRules());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "email events", "ereignisse-für-alle", "a/b"})
  void aNameThatKafkaWouldRefuseIsRefusedHere(String input) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Topics("fanfare.", input));
  }

  @ParameterizedTest
  @ValueSource(strings = {"fan fare.", "fanfare:", "fanfare\n"})
  void soIsAPrefix(String prefix) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Topics(prefix, "email.events"));
  }

  @Test
  void anOverlongNameIsRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new Topics("fanfare.", "x".repeat(250)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Topics("x".repeat(201), "email.events"));
    assertThat(new Topics("", "x".repeat(249)).events().name()).hasSize(249);
  }

  static Stream<String> ourNames() {
    return Stream.concat(
        Topics.defaults().fixed().stream().map(Topic::name), Stream.of("fanfare.retry.5s"));
  }

  @ParameterizedTest
  @MethodSource("ourNames")
  void eventsCannotArriveOnATopicOfOurs(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Topics("fanfare.", name))
        .withMessageContaining(name);
  }

  @Test
  void aTopicThatForgetsByTimeSaysAfterWhich() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Topic<>("t", byte[].class, Cleanup.DELETE, Optional.empty(), false));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Topic.kept("t", byte[].class, Duration.ZERO));
  }
}
