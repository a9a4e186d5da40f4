package dev.fanfare.dispatcher.telemetry;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that took time within a trace.
///
/// @param trace its own place
/// @param parent id of the span that it is part of
/// @param attributes texts and whole numbers
/// @param error what went wrong; null if nothing did
public record Span(
    Trace trace,
    String parent,
    String name,
    Instant start,
    Instant end,
    Map<String, Object> attributes,
    @Nullable String error) {}
