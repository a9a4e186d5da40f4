package dev.fanfare.dispatcher.api;

/// How often clients may ask, in requests a second; as many again at once. 0 for no limit.
///
/// @param perAddress of each client address, whoever it says it is
/// @param perKey of each key
/// @param perForger reports of mail that are not proven, of each client address
public record RateLimits(int perAddress, int perKey, int perForger) {
  /// @throws IllegalArgumentException if one is negative
  public RateLimits {
    if (perAddress < 0 || perKey < 0 || perForger < 0) {
      throw new IllegalArgumentException("a rate limit must not be negative");
    }
  }
}
