package dev.fanfare.schemas.json;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;

/// The number of an event type's schema, `1.0`: the second part grows when a field is added, the
/// first when a receiver would break.
public record Version(int major, int minor) implements Comparable<Version> {
  public static final Version FIRST = new Version(1, 0);

  private static final Pattern FORM = Pattern.compile("(0|[1-9][0-9]{0,3})\\.(0|[1-9][0-9]{0,3})");
  private static final Comparator<Version> ORDER =
      Comparator.comparingInt(Version::major).thenComparingInt(Version::minor);

  /// @throws IllegalArgumentException if the text is not two numbers with a dot between
  public static Version of(String text) {
    return find(text)
        .orElseThrow(
            () -> new IllegalArgumentException("a schema version is written as 1.0: " + text));
  }

  /// Empty if the text is not two numbers with a dot between.
  public static Optional<Version> find(String text) {
    var parts = FORM.matcher(text);
    return parts.matches()
        ? Optional.of(
            new Version(Integer.parseInt(parts.group(1)), Integer.parseInt(parts.group(2))))
        : Optional.empty();
  }

  @Override
  public int compareTo(Version other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
