/// Holds each rung until its head is due, then forwards it: to `deliveries` when the delivery is
/// due, to the next rung when it is not. Keys, values and headers pass through untouched.
///
/// ```
/// DelayRelay       thread, start, close, recovery
///   RelaySession   one consumer and one producer: poll ─▶ lines ─▶ transfer
///     WaitingLines, WaitingLine     what is held in memory, who may be fetched, who is due
///     RungGate ◆, Hop ◆, Stay ◆     may it leave the rung, and where does it go
/// ```
///
/// It knows no delivery worker and decodes no Avro: stages share topics, never classes.
@NullMarked
package dev.fanfare.retry.relay;

import org.jspecify.annotations.NullMarked;
