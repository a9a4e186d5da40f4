package dev.fanfare.dispatcher.log.alert;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What is known of one rule and one subject.
///
/// @param firing since when it fires; empty while all is well
/// @param fired when it fired lately, the last one last
/// @param wellSince since when a firing one has been below the bound; forgotten at a restart, which
///   only makes a flapping alert resolve later
public record AlertState(
    Optional<Instant> firing, List<Instant> fired, Optional<Instant> wellSince) {
  public static final AlertState CALM =
      new AlertState(Optional.empty(), List.of(), Optional.empty());

  public AlertState {
    fired = List.copyOf(fired);
  }

  public boolean isFiring() {
    return firing.isPresent();
  }

  AlertState firing(Instant now, Instant forgetBefore) {
    var lately =
        Stream.concat(fired.stream().filter(it -> it.isAfter(forgetBefore)), Stream.of(now))
            .toList();
    return new AlertState(Optional.of(now), lately, Optional.empty());
  }

  AlertState resolved() {
    return new AlertState(Optional.empty(), fired, Optional.empty());
  }

  AlertState well(Optional<Instant> since) {
    return new AlertState(firing, fired, since);
  }
}
