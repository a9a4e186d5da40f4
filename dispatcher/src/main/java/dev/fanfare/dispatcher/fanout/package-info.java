/// One event in, its deliveries out, exactly once.
///
/// ```
/// email.events ─▶ FanoutProcessor: decode ─▶ Intake ◆ ─▶ SubscriptionIndex ◆ ─▶ Fanout ◆ ─▶ fanfare.deliveries
///                                    └─────────┴── as received, with the reason ──▶ fanfare.rejected
/// ```
///
/// What is marked ◆ decides only. No event stops the topology, and none leaves it unrecorded.
@NullMarked
package dev.fanfare.dispatcher.fanout;

import org.jspecify.annotations.NullMarked;
