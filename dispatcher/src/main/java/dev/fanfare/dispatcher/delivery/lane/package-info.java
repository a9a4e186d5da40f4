/// Whose turn it is: one lane per subscription with its queue, its limits and its circuit breaker,
/// so that no endpoint can slow another. Decides only: time comes in, steps go out. Times are epoch
/// milliseconds, since a step is taken for every delivery. Not thread-safe: one thread owns all
/// lanes.
@NullMarked
package dev.fanfare.dispatcher.delivery.lane;

import org.jspecify.annotations.NullMarked;
