/// The programs that make load and take it, and what they send: the bare loop that is the floor,
/// the receiver that knows when each POST should have come. Knows no dispatcher and no scenario.
@NullMarked
package dev.fanfare.bench.load;

import org.jspecify.annotations.NullMarked;
