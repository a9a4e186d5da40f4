/// What the log holds: a delivery's state, under which keys it is found, one minute of statistics,
/// a group of dead letters, and how each becomes bytes. Decides only; stores and topics are
/// elsewhere.
@NullMarked
package dev.fanfare.dispatcher.log.entry;

import org.jspecify.annotations.NullMarked;
