/// Which event types exist, in which versions, with which JSON Schema and example: what a receiver
/// can rely on. Everything in it is worked out from the Avro schema and from one example event a
/// type; nothing is kept twice. Decides only: no Kafka, no clock, no dice.
@NullMarked
package dev.fanfare.schemas.catalogue;

import org.jspecify.annotations.NullMarked;
