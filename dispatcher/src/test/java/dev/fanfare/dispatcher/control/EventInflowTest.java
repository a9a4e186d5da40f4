package dev.fanfare.dispatcher.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.dispatcher.access.AccessRole;
import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.control.EventInflow.LineProblem;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.payload.EventReader;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EventInflowTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final ByteBuffer KEY = ByteBuffer.wrap(new byte[] {1});

  private final GatedWriter writer = new GatedWriter();
  private final EventIntake intake =
      new EventIntake(
          new EventReader(EventCatalogue.standard()),
          writer,
          "email.events",
          () -> Instant.parse("2026-03-01T12:00:00Z"));

  /// Acknowledges a batch when it is let.
  private static final class GatedWriter implements RecordWriter {
    private final List<List<Keyed>> batches = new ArrayList<>();
    private final Semaphore gate = new Semaphore(Integer.MAX_VALUE);
    private int away = Integer.MAX_VALUE;
    private boolean broken;

    @Override
    public List<Written> write(String topic, List<Keyed> records) {
      gate.acquireUninterruptibly();
      if (broken) {
        throw new IllegalStateException("a bug");
      }
      synchronized (this) {
        batches.add(records);
        return records.stream()
            .map(_ -> batches.size() > away ? new Written.Failed("away") : acknowledged())
            .toList();
      }
    }

    private static Written acknowledged() {
      return new Written.Acknowledged(0, 0);
    }

    synchronized List<EmailEvent> events() {
      return batches.stream()
          .flatMap(List::stream)
          .map(it -> (EmailEvent) Objects.requireNonNull(it.value()))
          .toList();
    }

    @Override
    public void close() {}
  }

  private static String good(long i) {
    return "{\"type\":\"email.sent\",\"tenant\":\"acme\",\"recipient\":\"a@b.c\","
        + "\"message_id\":\"m-%d\"}".formatted(i);
  }

  private static boolean take(EventInflow inflow, long line, String json) {
    try {
      return inflow.take(line, JSON.readTree(json), ByteBuffer.wrap(json.getBytes(UTF_8)));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  @Test
  void writesAllInTheirOrder() {
    try (var inflow = intake.inflow(Caller.BOOTSTRAP)) {
      for (long i = 1; i <= 3_000; i++) {
        assertThat(take(inflow, i, good(i))).isTrue();
      }
      var tally = inflow.finish();

      assertThat(tally.accepted()).isEqualTo(3_000);
      assertThat(tally.through()).isEqualTo(3_000);
      assertThat(tally.unavailable()).isEmpty();
    }
    assertThat(writer.events())
        .extracting(it -> it.getMessageId())
        .containsExactlyElementsOf(
            LongStream.rangeClosed(1, 3_000).mapToObj(it -> "m-" + it).toList());
  }

  @Test
  void whoHandsInMoreThanMayWaitIsHeldUp() {
    writer.gate.drainPermits();
    var handed = new AtomicLong();
    try (var inflow = intake.inflow(Caller.BOOTSTRAP)) {
      var client =
          Thread.ofVirtual()
              .start(() -> {
                for (long i = 1; i <= 5_000; i++) {
                  take(inflow, i, good(i));
                  handed.set(i);
                }
              });
      await().until(() -> client.getState() == Thread.State.WAITING);
      assertThat(handed).as("waiting and being written").hasValueLessThanOrEqualTo(1_000);

      writer.gate.release(1_000_000);
      await().until(() -> !client.isAlive());
      assertThat(inflow.finish().accepted()).isEqualTo(5_000);
    }
  }

  @Test
  void bytesAreBoundedToo() {
    writer.gate.drainPermits();
    var handed = new AtomicLong();
    var long4 = good(1).replace("a@b.c\"", "a@b.c\",\"subject\":\"" + "x".repeat(4_000) + "\"");
    try (var inflow = intake.inflow(Caller.BOOTSTRAP)) {
      var client =
          Thread.ofVirtual()
              .start(() -> {
                for (long i = 1; i <= 2_000; i++) {
                  take(inflow, i, long4);
                  handed.set(i * long4.length());
                }
              });
      await().until(() -> client.getState() == Thread.State.WAITING);
      assertThat(handed).hasValueLessThan(2L * (EventInflow.MOST_BYTES_WAITING + long4.length()));
      writer.gate.release(1_000_000);
      await().until(() -> !client.isAlive());
    }
  }

  @Test
  void whatIsBadIsToldByItsLineAndKeepsNothingBack() {
    try (var inflow = intake.inflow(Caller.BOOTSTRAP)) {
      take(inflow, 1, good(1));
      take(inflow, 2, good(2).replace("recipient", "recipent"));
      inflow.refuse(4, "not JSON");
      take(inflow, 5, good(5));
      var tally = inflow.finish();

      assertThat(tally.accepted()).isEqualTo(2);
      assertThat(tally.refused()).isEqualTo(2);
      assertThat(tally.problems())
          .extracting(it -> it.line() + it.pointer())
          .containsExactlyInAnyOrder("2/recipent", "2/recipient", "4");
      assertThat(tally.problems()).contains(new LineProblem(4, "", "not JSON"));
    }
    assertThat(writer.events()).extracting(it -> it.getMessageId()).containsExactly("m-1", "m-5");
  }

  @Test
  void soManyProblemsAreToldAndTheOthersCounted() {
    try (var inflow = intake.inflow(Caller.BOOTSTRAP)) {
      for (long i = 1; i <= 1_000; i++) {
        inflow.refuse(i, "no");
      }
      var tally = inflow.finish();

      assertThat(tally.refused()).isEqualTo(1_000);
      assertThat(tally.problems()).hasSize(EventInflow.MOST_PROBLEMS);
      assertThat(tally.untold()).isEqualTo(1_000 - EventInflow.MOST_PROBLEMS);
    }
    assertThat(writer.batches).isEmpty();
  }

  @Test
  void stopsWhereKafkaDoesAndSaysUpToWhereAllIsSettled() {
    writer.away = 2;
    try (var inflow = intake.inflow(Caller.BOOTSTRAP)) {
      long line = 1;
      while (take(inflow, line, good(line)) && line < 100_000) {
        line++;
      }
      assertThat(line).isLessThan(100_000);
      var tally = inflow.finish();

      assertThat(tally.unavailable()).contains("away");
      assertThat(tally.accepted()).isPositive().isEqualTo(tally.through());
      assertThat(tally.accepted())
          .isEqualTo(writer.batches.get(0).size() + writer.batches.get(1).size());
      assertThat(writer.batches).as("nothing is tried behind").hasSize(3);
    }
  }

  @Test
  void aBugIsNotTakenForAnAnswer() {
    writer.broken = true;
    try (var inflow = intake.inflow(Caller.BOOTSTRAP)) {
      take(inflow, 1, good(1));

      assertThatThrownBy(inflow::finish).hasMessage("a bug");
    }
  }

  @Test
  void theSameLineOfTheSameRequestHasTheSameId() {
    for (int again = 0; again < 2; again++) {
      try (var inflow = intake.inflow(Caller.BOOTSTRAP, KEY)) {
        take(inflow, 1, good(7));
        take(inflow, 2, good(7));
        take(inflow, 3, good(8));
        var _ = inflow.finish();
      }
    }

    var ids = writer.events().stream().map(it -> it.getEventId()).toList();
    assertThat(ids.subList(0, 3)).doesNotHaveDuplicates().isEqualTo(ids.subList(3, 6));
  }

  @Test
  void anotherTenantsEventIsRefused() {
    var caller = new Caller(AccessRole.PRODUCER, Optional.of("globex"), "key_1");
    try (var inflow = intake.inflow(caller)) {
      take(inflow, 1, good(1));
      take(inflow, 2, good(2).replace("\"tenant\":\"acme\",", ""));
      var tally = inflow.finish();

      assertThat(tally.problems()).extracting(LineProblem::pointer).containsExactly("/tenant");
    }
    assertThat(writer.events()).extracting(it -> it.getTenant()).containsExactly("globex");
  }
}
