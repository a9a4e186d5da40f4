package dev.fanfare.dispatcher.subscription;

import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.id.SubscriptionId;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/// Where a subscription stands in a list: by when it was made, then by id. Never changes, and no
/// two have the same.
public record Place(long madeAtMillis, String id) implements Comparable<Place> {
  /// Before all others.
  public static final Place BEGINNING = new Place(Long.MIN_VALUE, "");

  private static final Comparator<Place> ORDER =
      Comparator.comparingLong(Place::madeAtMillis).thenComparing(Place::id);
  private static final Pattern TEXT = Pattern.compile("(-?\\d{1,18}):(.+)");

  public static Place of(Subscription stored) {
    return new Place(stored.getCreatedAt().toEpochMilli(), stored.getId());
  }

  /// What [#text] gave; empty for anything else.
  public static Optional<Place> parse(String text) {
    var matcher = TEXT.matcher(text);
    return matcher.matches() && SubscriptionId.isValid(matcher.group(2))
        ? Optional.of(new Place(Long.parseLong(matcher.group(1)), matcher.group(2)))
        : Optional.empty();
  }

  public String text() {
    return madeAtMillis + ":" + id;
  }

  @Override
  public int compareTo(Place other) {
    return ORDER.compare(this, other);
  }
}
