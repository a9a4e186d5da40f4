/// How long a delivery waits and on which rung: schedule, ladder, `Retry-After`, the retention that
/// a rung needs, and how durations and due times are written. Decides only: no Kafka, no clock, no
/// dice.
@NullMarked
package dev.fanfare.retry.ladder;

import org.jspecify.annotations.NullMarked;
