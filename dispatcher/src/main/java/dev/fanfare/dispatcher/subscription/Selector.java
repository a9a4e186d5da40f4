package dev.fanfare.dispatcher.subscription;

import java.util.List;

/// Which events a subscription asked for.
///
/// @param eventTypes patterns: exact (`email.bounced`), by prefix (`email.*`) or `*`
public record Selector(List<String> eventTypes) {}
