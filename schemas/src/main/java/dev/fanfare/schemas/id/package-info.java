/// The names of things, checked once. An id that exists as one of these types is well formed;
/// whoever holds one need not look again. Decides only: no Kafka, no clock, no dice.
@NullMarked
package dev.fanfare.schemas.id;

import org.jspecify.annotations.NullMarked;
