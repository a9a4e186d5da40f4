package dev.fanfare.dispatcher.subscription;

import java.util.OptionalDouble;
import java.util.OptionalInt;

/// How fast an endpoint may be called.
///
/// @param ratePerSecond most POSTs a second, positive; empty for no limit
/// @param concurrency most POSTs at the same time, at least 1; empty for the configured default
public record Limits(OptionalDouble ratePerSecond, OptionalInt concurrency) {
  public static final Limits NONE = new Limits(OptionalDouble.empty(), OptionalInt.empty());
}
