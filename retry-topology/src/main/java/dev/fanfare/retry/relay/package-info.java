/// Holds each rung until its head is due, then forwards it. Decisions (`RungGate`, `Hop`) are apart
/// from the loop that talks to Kafka.
@NullMarked
package dev.fanfare.retry.relay;

import org.jspecify.annotations.NullMarked;
