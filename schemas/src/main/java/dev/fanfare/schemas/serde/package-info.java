/// Avro records to bytes and back, through Confluent's Schema Registry client, under Confluent's
/// own conventions and configuration names, so that existing registries and producers fit.
@NullMarked
package dev.fanfare.schemas.serde;

import org.jspecify.annotations.NullMarked;
