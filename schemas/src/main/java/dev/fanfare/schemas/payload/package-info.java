/// An event and a version in, the bytes to be signed out; and the way back: the JSON of `POST
/// /v1/events` in, an event or everything that is wrong with it out. Whether an event can be taken
/// at all is decided here once, for the API and for fan-out. Decides only: no Kafka, no clock, no
/// dice; what an event lacks is supplied by the caller.
@NullMarked
package dev.fanfare.schemas.payload;

import org.jspecify.annotations.NullMarked;
