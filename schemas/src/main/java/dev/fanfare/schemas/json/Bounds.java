package dev.fanfare.schemas.json;

/// How much a field may hold. All figures are inclusive.
///
/// @param characters of a text, and of each text in a list
/// @param items in a list or a map
/// @param keyCharacters of a map's key
public record Bounds(int characters, int items, int keyCharacters) {
  /// @throws IllegalArgumentException if one is not positive
  public Bounds {
    if (characters < 1 || items < 1 || keyCharacters < 1) {
      throw new IllegalArgumentException("bounds must be positive");
    }
  }
}
