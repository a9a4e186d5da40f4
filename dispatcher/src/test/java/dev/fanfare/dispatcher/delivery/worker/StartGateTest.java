package dev.fanfare.dispatcher.delivery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StartGateTest {
  private final StartGate gate = new StartGate(4);

  @Test
  void hasRoomUntilTooManyHaveNotBegun() {
    start(3);
    assertThat(gate.hasRoom()).isTrue();

    start(1);

    assertThat(gate.hasRoom()).isFalse();
  }

  @Test
  void tellsOnceThatThereIsRoomAgainWhenHalfOfThemHaveBegun() {
    start(4);
    assertThat(gate.hasRoom()).isFalse();

    assertThat(gate.began()).as("three still wait").isFalse();
    assertThat(gate.began()).as("two still wait").isTrue();
    assertThat(gate.began()).as("it has been told").isFalse();
    assertThat(gate.hasRoom()).isTrue();
  }

  @Test
  void tellsNobodyWhoDoesNotWait() {
    start(4);

    for (int i = 0; i < 4; i++) {
      assertThat(gate.began()).isFalse();
    }
  }

  private void start(int attempts) {
    for (int i = 0; i < attempts; i++) {
      gate.starting();
    }
  }
}
