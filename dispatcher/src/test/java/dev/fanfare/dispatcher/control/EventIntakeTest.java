package dev.fanfare.dispatcher.control;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.control.Acceptance.Accepted;
import dev.fanfare.dispatcher.control.Acceptance.Refused;
import dev.fanfare.dispatcher.control.Acceptance.Unavailable;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.payload.EventReader;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashSet;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class EventIntakeTest {
  private static final Caller ANY = Caller.BOOTSTRAP;
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00.123456Z");
  private static final String GOOD =
      """
      {"type":"email.bounced","tenant":"acme","recipient":"a@b.c","message_id":"m-%s"}\
      """;

  private final FakeWriter writer = new FakeWriter();
  private final EventIntake intake =
      new EventIntake(
          new EventReader(EventCatalogue.standard()), writer, "email.events", () -> NOW);

  @Test
  void writesUnderTheMessageAndFillsInWhatIsMissing() {
    var acceptance = intake.accept(json(GOOD.formatted(1)), ANY);

    assertThat(acceptance).isInstanceOf(Accepted.class);
    assertThat(writer.written).singleElement().extracting(RecordWriter.Keyed::key).isEqualTo("m-1");
    var event = (EmailEvent) Objects.requireNonNull(writer.written.getFirst().value());
    assertThat(event.getOccurredAt()).isEqualTo("2026-03-01T12:00:00.123Z");
    assertThat(event.getEventId())
        .matches("evt_[a-z0-9]{24}")
        .isEqualTo(((Accepted) acceptance).ids().getFirst().value());
  }

  @Test
  void idsAreAllDifferent() {
    var ids = new HashSet<Object>();
    for (int i = 0; i < 100; i++) {
      ids.addAll(((Accepted) intake.accept(json(GOOD.formatted(1)), ANY)).ids());
    }
    assertThat(ids).hasSize(100);
  }

  @Test
  void theSameRequestGetsTheSameIdsAndEachEventItsOwn() {
    var events = json("[" + GOOD.formatted(1) + "," + GOOD.formatted(1) + "]");
    var request = ByteBuffer.wrap("key and content".getBytes(UTF_8));

    var first = (Accepted) intake.accept(events, ANY, request);
    var again = (Accepted) intake.accept(events, ANY, request);
    var other = (Accepted) intake.accept(events, ANY, ByteBuffer.wrap("other".getBytes(UTF_8)));

    assertThat(again.ids()).isEqualTo(first.ids()).doesNotHaveDuplicates();
    assertThat(other.ids()).doesNotContainAnyElementsOf(first.ids());
  }

  @Test
  void oneBadEventKeepsAllFromBeingWritten() {
    var bad = "{\"type\":\"email.bounced\",\"tenant\":\"acme\",\"message_id\":\"m\",\"x\":1}";

    var acceptance = intake.accept(json("[" + GOOD.formatted(1) + "," + bad + "]"), ANY);

    assertThat(writer.written).isEmpty();
    assertThat(((Refused) acceptance).problems())
        .extracting(RequestProblem::pointer)
        .containsExactlyInAnyOrder("/1/recipient", "/1/x");
  }

  @Test
  void anEmptyArrayIsNothingToTake() {
    assertThat(intake.accept(json("[]"), ANY)).isInstanceOf(Refused.class);
  }

  @Test
  void toldProblemsAreBounded() {
    var many = "[" + "{},".repeat(999) + "{}]";

    assertThat(((Refused) intake.accept(json(many), ANY)).problems()).hasSize(200);
  }

  @Test
  void whatKafkaHasNotIsNotAccepted() {
    writer.away = true;

    assertThat(intake.accept(json(GOOD.formatted(1)), ANY)).isEqualTo(new Unavailable("away"));
  }

  private static JsonNode json(String text) {
    try {
      return new ObjectMapper().readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
