package dev.fanfare.dispatcher.delivery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.delivery.lane.Sample;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionTable;
import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.Rung;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/// Lanes whose attempts get a processor when the test says so.
class LanesTest {
  private static final TopicPartition PARTITION = WorkerFixture.P0;
  private static final int MOST = 64;

  private final StartGate gate = new StartGate(MOST);

  private final Map<String, Subscription> subscriptions = new ConcurrentHashMap<>();
  private final List<String> started = new ArrayList<>();
  private final ArrayDeque<FinishedAttempt> inFlight = new ArrayDeque<>();
  private final Lanes lanes = lanes();
  private long offset;

  @Test
  void startsNoMoreThanTheMachineCanBegin() {
    offer("sub_", MOST + 50);

    assertThat(started).hasSize(MOST);
    assertThat(lanes.waiting()).isEqualTo(50);
  }

  @Test
  void startsTheRestWhenTheFirstHaveBegun() {
    offer("sub_", MOST + 50);
    lanes.wake(0); // as the loop does at each turn

    boolean told = begin(MOST);
    lanes.wake(0);

    assertThat(told).isTrue();
    assertThat(started).hasSize(MOST + 50).doesNotHaveDuplicates();
  }

  @Test
  void anEndpointThatHangsTakesNoRoomOnceItsAttemptsHaveBegun() {
    offer("hanging_", MOST);
    begin(MOST);

    offer("healthy_", MOST);

    assertThat(started).hasSize(2 * MOST);
  }

  @Test
  void servesTheLineInTurnsThoughOneLaneHasMuchToDo() {
    // Given
    warm("busy", 32);
    offer("filler_", MOST - 1);
    started.clear();
    for (int i = 0; i < 32; i++) {
      offer("busy");
    }
    offer("small_", 3);

    // When
    begin(MOST);
    lanes.wake(0);

    // Then
    assertThat(started.indexOf("small_2")).isLessThanOrEqualTo(6);
    assertThat(started).hasSize(32 + 3);
  }

  /// Lets a lane find out that its endpoint takes so many at a time.
  private void warm(String id, int concurrency) {
    for (int known = 0; known < concurrency; known++) {
      for (int i = 0; i <= known; i++) {
        offer(id);
      }
      begin(inFlight.size());
      while (!inFlight.isEmpty()) {
        lanes.completed(inFlight.removeFirst(), 1);
      }
      lanes.wake(0);
    }
    begin(inFlight.size());
    while (!inFlight.isEmpty()) {
      lanes.completed(inFlight.removeFirst(), 1);
    }
  }

  private void offer(String prefix, int lanes) {
    for (int i = 0; i < lanes; i++) {
      offer(prefix + i);
    }
  }

  private void offer(String id) {
    subscriptions.computeIfAbsent(id, TestSubscriptions::active);
    long at = offset++;
    var delivery = WorkerFixture.delivery(id, "evt_" + at);
    lanes.offer(new Received(PARTITION, at, id, delivery, delivery.getCreatedAt(), 2_000), 0);
  }

  private boolean begin(int attempts) {
    boolean told = false;
    for (int i = 0; i < attempts; i++) {
      told |= gate.began();
    }
    return told;
  }

  private Lanes lanes() {
    var topics = Topics.defaults();
    var serdes = new AvroSerdes(RegistrySettings.at("mock://lanes"));
    var ladder = new DelayLadder(List.of(new Rung("5s", Duration.ofSeconds(5))));
    return new Lanes(
        new Table(),
        new Starting(),
        new OutgoingRecords(topics, ladder, serdes),
        DeliverySettings.DEFAULT,
        new WorkerMetrics(new SimpleMeterRegistry(), "test"),
        new Nobody());
  }

  private final class Starting implements Lanes.Starting {
    @Override
    public boolean hasRoom() {
      return gate.hasRoom();
    }

    @Override
    public Thread start(
        Received received, Subscription subscription, Ticket ticket, Lanes.Settling settling) {
      gate.starting();
      started.add(subscription.id().value());
      inFlight.add(
          new FinishedAttempt(received, ticket, Sample.SUCCESS, Optional.empty(), List.of()));
      return Thread.ofVirtual().unstarted(() -> {});
    }
  }

  private final class Table implements SubscriptionTable {
    @Override
    public Optional<Subscription> find(String id) {
      return Optional.ofNullable(subscriptions.get(id));
    }

    @Override
    public Optional<dev.fanfare.schemas.avro.Subscription> stored(String id) {
      return Optional.empty();
    }

    @Override
    public Optional<EndpointState> endpoint(String id) {
      return Optional.empty();
    }

    @Override
    public Collection<Subscription> all() {
      return subscriptions.values();
    }
  }

  private static final class Nobody implements Lanes.Settling {
    @Override
    public boolean hasRoom(boolean well) {
      return true;
    }

    @Override
    public void started(Received received, Ticket ticket, Thread attempt) {}

    @Override
    public void hasRoomAgain() {}

    @Override
    public void finished(FinishedAttempt attempt) {}

    @Override
    public void failed(Throwable cause) {
      throw new AssertionError(cause);
    }

    @Override
    public void settled(Received received, List<ProducerRecord<byte[], byte[]>> records) {
      throw new AssertionError("settled without an attempt");
    }

    @Override
    public void noted(TopicPartition partition, List<ProducerRecord<byte[], byte[]>> records) {}
  }
}
