/// Who wants what, where it goes, how fast: subscriptions as the process works with them, parsed
/// and checked. Decides only; `reading` makes them out of stored records, `feed` keeps the table.
@NullMarked
package dev.fanfare.dispatcher.subscription;

import org.jspecify.annotations.NullMarked;
