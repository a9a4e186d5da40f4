/// One class a scenario: what is set up, what is measured and against what. Each floor is measured
/// in the same run as the figure beside it, so that figures are ratios.
@NullMarked
package dev.fanfare.bench.scenario;

import org.jspecify.annotations.NullMarked;
