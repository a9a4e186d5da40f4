/// One exactly-once movement: records out and offsets in, in one Kafka transaction. Shared by the
/// delivery worker and the relay; knows nothing of what the records mean.
@NullMarked
package dev.fanfare.retry.transfer;

import org.jspecify.annotations.NullMarked;
