/// Chance that can be repeated: the seeds that simulations and property tests run under.
@NullMarked
package dev.fanfare.testkit.seed;

import org.jspecify.annotations.NullMarked;
