/// Runs replays: reads a source, writes what is selected to `fanfare.deliveries`.
///
/// ```
/// ReplayBoard        follows fanfare.replays: every job, and what people ask of it
/// ReplayRunner       a member of the group that shares the jobs out; one session a job
///   ReplaySession    fences its predecessor, then: scan ─▶ pick ─▶ line ─▶ transaction
///     SourceScan, Picker, Line      what is read, what of it is selected, what waits for the rate
/// SelectionCount     a dry run: counts what would be selected
/// ```
///
/// Deliveries and the job's progress are one transaction. It knows no worker, no log and no
/// fan-out: what it has to ask of them comes in as [dev.fanfare.retry.replay.runner.Surroundings].
@NullMarked
package dev.fanfare.retry.replay.runner;

import org.jspecify.annotations.NullMarked;
