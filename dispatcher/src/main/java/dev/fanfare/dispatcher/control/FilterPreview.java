package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.subscription.Selector;
import dev.fanfare.schemas.avro.EmailEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tries a filter on recent events before it is saved. Nothing is written. Thread-safe.
public final class FilterPreview {
  private static final int MOST_SAMPLES = 5;

  private final Subscriptions subscriptions;
  private final RecentEvents recent;

  /// What is to be tried, on whose events.
  public record Wish(
      String tenant, List<String> eventTypes, Optional<SubscriptionSpec.Filter> filter) {}

  /// What a subscription with this filter would have got.
  ///
  /// @param matched so many
  /// @param of so many events of the tenant that were looked at
  /// @param complete whether these are all that the topic holds
  /// @param oldest when the earliest of those looked at happened
  /// @param samples the latest that matched
  public record Preview(
      long matched, long of, boolean complete, Optional<Instant> oldest, List<EmailEvent> samples) {
    public Preview {
      samples = List.copyOf(samples);
    }
  }

  public FilterPreview(Subscriptions subscriptions, RecentEvents recent) {
    this.subscriptions = subscriptions;
    this.recent = recent;
  }

  public Change<Preview> of(Wish wish) {
    var spec = SubscriptionSpec.selecting(wish.tenant(), wish.eventTypes(), wish.filter());
    return switch (subscriptions.selector(spec)) {
      case Change.Done<Selector>(var selector) -> tried(wish.tenant(), selector);
      case Change.Refused<Selector>(var problems) -> new Change.Refused<>(problems);
      case Change.Unknown<Selector>() -> new Change.Unknown<>();
      case Change.Conflict<Selector>(var why) -> new Change.Conflict<>(why);
      case Change.Unavailable<Selector>(var why) -> new Change.Unavailable<>(why);
    };
  }

  private Change<Preview> tried(String tenant, Selector selector) {
    var counts = new Counts();
    return switch (recent.look(tenant, event -> counts.take(event, selector.matches(event)))) {
      case RecentEvents.Look.Seen(var complete) ->
          new Change.Done<>(
              new Preview(
                  counts.matched,
                  counts.of,
                  complete,
                  Optional.ofNullable(counts.oldest),
                  counts.samples));
      case RecentEvents.Look.Unavailable(var why) -> new Change.Unavailable<>(why);
    };
  }

  /// Of one look; keeps no more events than are shown.
  private static final class Counts {
    private static final Comparator<EmailEvent> LATEST =
        Comparator.comparing(EmailEvent::getOccurredAt).reversed();

    private long matched;
    private long of;
    private @Nullable Instant oldest;
    private final List<EmailEvent> samples = new ArrayList<>();

    void take(EmailEvent event, boolean matches) {
      of++;
      var at = event.getOccurredAt();
      oldest = oldest == null || at.isBefore(oldest) ? at : oldest;
      if (matches) {
        matched++;
        samples.add(event);
        samples.sort(LATEST);
        if (samples.size() > MOST_SAMPLES) {
          samples.removeLast();
        }
      }
    }
  }
}
