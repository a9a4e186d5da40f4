/// Keeps secrets secret where they lie: seals what goes into Kafka with a key that is not there,
/// and opens what comes out. Knows neither records nor topics; whoever stores a secret says where
/// it belongs.
@NullMarked
package dev.fanfare.dispatcher.sealing;

import org.jspecify.annotations.NullMarked;
