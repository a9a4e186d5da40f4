package dev.fanfare.sandbox.system;

import dev.fanfare.testkit.receiver.Answer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// The endpoints of [ChaosST], good and bad. What one says follows from the event and the number of
/// the attempt alone, so that no fault changes how a delivery must end.
enum ChaosEndpoint {
  HEALTHY("email.delivered"),
  ALSO_HEALTHY("email.delivered"),
  SLOW("email.delivered"),
  /// Says "too many" to a third of what comes, the first time.
  LIMITED("email.opened"),
  /// Fails twice for a fifth of what comes.
  FAILS_TWICE("email.opened"),
  /// Never takes a fifth of what comes.
  FAILS_SOME("email.opened"),
  DOWN("email.bounced"),
  GONE("email.bounced"),
  HANGS("email.bounced");

  private static final Duration QUICK = Duration.ofMillis(5);
  private static final Duration SLUGGISH = Duration.ofMillis(50);

  private final String type;

  ChaosEndpoint(String type) {
    this.type = type;
  }

  static ChaosEndpoint at(String target) {
    return valueOf(target.substring(1).toUpperCase(Locale.ROOT));
  }

  /// The path of its URL.
  String target() {
    return "/" + name().toLowerCase(Locale.ROOT);
  }

  /// The type of event that it wants.
  String type() {
    return type;
  }

  /// Further fields of its subscription.
  Map<String, Object> subscription() {
    return switch (this) {
      case HEALTHY, ALSO_HEALTHY, SLOW, GONE -> Map.of();
      case LIMITED, FAILS_TWICE -> Map.of("retry_schedule", List.of("1s", "1s", "1s"));
      case FAILS_SOME, DOWN -> Map.of("retry_schedule", List.of("1s", "1s"));
      case HANGS -> Map.of("timeout", "1s", "retry_schedule", List.of("1s"));
    };
  }

  /// @param event by its number
  Answer answer(int event, int attempt) {
    return switch (this) {
      case HEALTHY, ALSO_HEALTHY -> Answer.OK.after(QUICK);
      case SLOW -> Answer.OK.after(SLUGGISH);
      case LIMITED ->
          event % 3 == 0 && attempt == 1
              ? Answer.status(429).header("retry-after", "1")
              : Answer.OK.after(QUICK);
      case FAILS_TWICE ->
          event % 5 == 0 && attempt <= 2 ? Answer.status(503) : Answer.OK.after(QUICK);
      case FAILS_SOME -> event % 5 == 0 ? Answer.status(500) : Answer.OK.after(QUICK);
      case DOWN -> Answer.status(500);
      case GONE -> Answer.status(410);
      case HANGS -> Answer.OK.after(Duration.ofMinutes(1));
    };
  }

  /// Whether it wants no more events once it has been asked: of what is published later, some makes
  /// no delivery for it.
  boolean leaves() {
    return this == GONE;
  }

  /// Whether the delivery of this event is to succeed; otherwise it ends as a dead letter.
  boolean delivers(int event) {
    return switch (this) {
      case HEALTHY, ALSO_HEALTHY, SLOW, LIMITED, FAILS_TWICE -> true;
      case FAILS_SOME -> event % 5 != 0;
      case DOWN, GONE, HANGS -> false;
    };
  }
}
