package dev.fanfare.dispatcher.api;

/// How often clients may ask, in requests a second; as many again at once. 0 for no limit.
///
/// @param perAddress of each client address, whoever it says it is
/// @param perKey of each key
public record RateLimits(int perAddress, int perKey) {
  /// @throws IllegalArgumentException if one is negative
  public RateLimits {
    if (perAddress < 0 || perKey < 0) {
      throw new IllegalArgumentException("a rate limit must not be negative");
    }
  }
}
