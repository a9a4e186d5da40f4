/// Figures and how they are told: as a table, as JSON, as a drawing. Measures nothing.
@NullMarked
package dev.fanfare.bench.result;

import org.jspecify.annotations.NullMarked;
