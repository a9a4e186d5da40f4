/// How long a delivery waits and on which rung. Decides only: no Kafka, no clock, no dice.
@NullMarked
package dev.fanfare.retry.ladder;

import org.jspecify.annotations.NullMarked;
