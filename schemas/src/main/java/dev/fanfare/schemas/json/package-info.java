/// The JSON form of the Avro records that people outside see: how it is written, how it is read and
/// how it is described by a JSON Schema, all three from the same Avro schema, so that they cannot
/// part. Knows records and fields; which event types exist and who gets what is decided above it.
/// Decides only: no Kafka, no clock, no dice.
@NullMarked
package dev.fanfare.schemas.json;

import org.jspecify.annotations.NullMarked;
