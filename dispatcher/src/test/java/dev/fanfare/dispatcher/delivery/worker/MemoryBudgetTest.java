package dev.fanfare.dispatcher.delivery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryBudgetTest {
  private static final long LIMIT = 128L * MemoryBudget.TLS_CALL;

  private final MemoryBudget memory = new MemoryBudget(LIMIT);

  @Test
  void isFullWhenHalfIsTakenByWhatWaitsAndWhatIsToBeSettled() {
    memory.receive(LIMIT / 4);
    assertThat(memory.isFull()).isFalse();

    memory.settle(LIMIT / 4);
    assertThat(memory.isFull()).isTrue();

    memory.forget(LIMIT / 16);
    assertThat(memory.isFull()).as("not before a fifth of it is free").isTrue();
    memory.forget(LIMIT / 16);
    assertThat(memory.isFull()).isFalse();
  }

  @Test
  void isFullWhenAllIsTakenByCallsAndDeliveries() {
    assertThat(calls(true)).isEqualTo((int) (LIMIT * 3 / 4 / MemoryBudget.TLS_CALL));
    assertThat(memory.isFull()).isFalse();

    memory.receive(LIMIT - memory.heldBytes());

    assertThat(memory.isFull()).isTrue();
  }

  @Test
  void hasRoomForCallsOnlyInWhatDeliveriesLeave() {
    memory.receive(LIMIT / 2);

    assertThat(calls(true)).isEqualTo((int) (LIMIT / 2 / MemoryBudget.TLS_CALL));
    assertThat(memory.heldBytes()).isLessThanOrEqualTo(LIMIT);
  }

  @Test
  void keepsAQuarterForCallsToEndpointsThatAreWell() {
    assertThat(calls(false)).isEqualTo((int) (LIMIT / 2 / MemoryBudget.TLS_CALL));
    assertThat(calls(true)).isEqualTo((int) (LIMIT / 4 / MemoryBudget.TLS_CALL));
  }

  @Test
  void startsNoMoreCallsWhileOutcomesPileUpButLetsOneThroughWhenNothingElseMakesRoom() {
    memory.receive(LIMIT);
    assertThat(memory.hasRoomForCall(true)).isTrue();

    memory.settle(1);
    assertThat(memory.hasRoomForCall(true)).isFalse();

    memory.forget(1);
    memory.startCall(MemoryBudget.PLAIN_CALL);
    assertThat(memory.hasRoomForCall(true)).isFalse();
  }

  private int calls(boolean well) {
    int calls = 0;
    while (memory.hasRoomForCall(well)) {
      memory.startCall(MemoryBudget.TLS_CALL);
      calls++;
    }
    return calls;
  }
}
