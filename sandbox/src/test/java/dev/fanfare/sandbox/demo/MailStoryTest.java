package dev.fanfare.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.catalogue.EventType;
import dev.fanfare.testkit.seed.Seeds;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MailStoryTest {
  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  static LongStream seeds() {
    return Seeds.fixed(50);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void tellsOfOneMail(long seed) {
    var events = story(new SplittableRandom(seed));

    assertThat(events).isNotEmpty();
    assertThat(events)
        .extracting(EmailEvent::getMessageId)
        .containsOnly(first(events).getMessageId());
    assertThat(events).extracting(EmailEvent::getTenant).containsOnly(first(events).getTenant());
    assertThat(events)
        .extracting(EmailEvent::getRecipient)
        .containsOnly(first(events).getRecipient());
    assertThat(events).extracting(EmailEvent::getEventId).doesNotHaveDuplicates();
    assertThat(events).extracting(EmailEvent::getOccurredAt).containsOnly(NOW);
  }

  @Test
  void comesToEveryTypeInTheEnd() {
    var dice = new SplittableRandom(1);
    var types = new ArrayList<String>();
    for (int i = 0; i < 500; i++) {
      story(dice).forEach(event -> types.add(event.getType()));
    }

    assertThat(types)
        .containsAll(EventCatalogue.standard().types().stream().map(EventType::name).toList());
  }

  private static EmailEvent first(List<EmailEvent> events) {
    return events.getFirst();
  }

  private static List<EmailEvent> story(SplittableRandom dice) {
    var story = MailStory.begin(dice);
    var events = new ArrayList<EmailEvent>();
    while (!story.isOver()) {
      events.add(story.next(NOW, dice));
    }
    return events;
  }
}
