package dev.fanfare.sandbox.demo;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Locale;
import java.util.Queue;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;

/// What happens to one made-up mail, event by event: the details of each come from the catalogue's
/// examples, the mail's own fields are the same throughout. Decides only. Not thread-safe.
final class MailStory {
  /// A way that mails fare, and how many of a hundred do.
  private record Course(int weight, List<String> types) {
    static Course of(int weight, String... types) {
      return new Course(weight, Stream.of(types).map(Course::fullName).toList());
    }

    private static String fullName(String type) {
      return type.contains(".") ? type : "email." + type;
    }
  }

  private static final List<Course> COURSES =
      List.of(
          Course.of(34, "queued", "sent", "delivered", "opened", "clicked"),
          Course.of(22, "queued", "sent", "delivered", "opened"),
          Course.of(14, "queued", "sent", "delivered"),
          Course.of(6, "queued", "sent", "deferred", "deferred", "delivered", "opened"),
          Course.of(6, "queued", "sent", "bounced", "suppression.added"),
          Course.of(3, "queued", "sent", "delivered", "complained", "suppression.added"),
          Course.of(4, "queued", "sent", "delivered", "opened", "unsubscribed"),
          Course.of(2, "resubscribed", "suppression.removed", "queued", "sent", "delivered"),
          Course.of(3, "queued", "dropped"),
          Course.of(3, "queued", "sent", "delivered", "auto_replied", "received"),
          Course.of(3, "queued", "sent", "delivered", "clicked", "contact.engagement_changed"));

  private static final List<String> TENANTS = List.of("acme", "globex", "initech");
  private static final List<String> NAMES =
      List.of("ada", "grace", "edsger", "barbara", "donald", "margaret", "alan", "radia");
  private static final List<String> DOMAINS =
      List.of("webmail.example", "customer.example", "slow.example", "university.example");
  private static final List<String> SUBJECTS =
      List.of("Your order has shipped", "Your invoice", "This week's news", "Reset your password");

  private final Queue<String> ahead;
  private final String id;
  private final String tenant;
  private final String recipient;
  private final String subject;

  private MailStory(Course course, String id, RandomGenerator dice) {
    this.ahead = new ArrayDeque<>(course.types);
    this.id = id;
    this.tenant = oneOf(TENANTS, dice);
    this.recipient = oneOf(NAMES, dice) + "@" + oneOf(DOMAINS, dice);
    this.subject = oneOf(SUBJECTS, dice);
  }

  static MailStory begin(RandomGenerator dice) {
    return new MailStory(course(dice), hex(dice), dice);
  }

  private static Course course(RandomGenerator dice) {
    int rest = dice.nextInt(COURSES.stream().mapToInt(Course::weight).sum());
    for (var course : COURSES) {
      rest -= course.weight;
      if (rest < 0) {
        return course;
      }
    }
    throw new IllegalStateException("the weights of all courses are less than their sum");
  }

  boolean isOver() {
    return ahead.isEmpty();
  }

  /// The next thing that happens.
  EmailEvent next(Instant now, RandomGenerator dice) {
    var type = EventCatalogue.standard().find(ahead.remove()).orElseThrow();
    var event = copy(type.example());
    event.put("event_id", "evt_" + hex(dice));
    event.put("tenant", tenant);
    event.put("occurred_at", now);
    event.put("message_id", "msg_" + id);
    event.put("rfc_message_id", id + "@" + tenant + ".example");
    event.put("recipient", recipient);
    event.put("sender", "hello@" + tenant + ".example");
    event.put("subject", subject);
    return event;
  }

  /// Its own fields are new, the records in them are shared: nobody changes them.
  private static EmailEvent copy(EmailEvent original) {
    var copy = new EmailEvent();
    for (var field : original.getSchema().getFields()) {
      copy.put(field.pos(), original.get(field.pos()));
    }
    return copy;
  }

  private static String hex(RandomGenerator dice) {
    return String.format(Locale.ROOT, "%016x", dice.nextLong());
  }

  private static String oneOf(List<String> words, RandomGenerator dice) {
    return words.get(dice.nextInt(words.size()));
  }
}
