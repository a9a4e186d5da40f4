/// What a platform and its customers do: subscriptions, and events in bursts or at a steady pace.
/// Knows no scenario.
@NullMarked
package dev.fanfare.bench.traffic;

import org.jspecify.annotations.NullMarked;
