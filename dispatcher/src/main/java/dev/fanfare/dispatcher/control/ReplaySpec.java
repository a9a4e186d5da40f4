package dev.fanfare.dispatcher.control;

import dev.fanfare.retry.replay.ReplayFilter;
import java.util.Optional;

/// A replay as somebody asks for it.
///
/// @param source `dead-letters`, `deliveries` or `events`
/// @param rate most deliveries a second
public record ReplaySpec(String source, ReplayFilter filter, Optional<Double> rate) {}
