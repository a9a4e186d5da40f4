package dev.fanfare.dispatcher.alerting;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A rule as its owner describes it; checked by [Alerts#replace].
///
/// @param id empty for a new one
/// @param per `subscription`, `tenant` or `all`
/// @param volume the least number of attempts that a rate is judged by
/// @param channels who is told
public record RuleSpec(
    Optional<String> id,
    String kind,
    Optional<String> tenant,
    Optional<String> subscription,
    String per,
    Double threshold,
    Double resolveBelow,
    Optional<Duration> window,
    Optional<Long> volume,
    boolean enabled,
    List<String> channels) {
  public RuleSpec {
    channels = List.copyOf(channels);
  }
}
