/// What a replay is: a job that delivers again what a filter selects, from the dead letters, from
/// the deliveries or, as a backfill, from the events themselves.
///
/// ```
///             ┌── pause ──▶ Paused ── resume ──┐
/// Planned ─start─▶ Running ◀──────────────────┘
///                     │ finish ▶ Finished      any that is not over: cancel ▶ Cancelled
/// ```
///
/// Decides only; [dev.fanfare.retry.replay.runner] reads, writes and waits.
@NullMarked
package dev.fanfare.retry.replay;

import org.jspecify.annotations.NullMarked;
