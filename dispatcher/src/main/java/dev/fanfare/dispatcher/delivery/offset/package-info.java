/// What may be committed: the low-water mark of a partition, and what is settled above it, as text
/// for the offset's metadata. Decides only.
@NullMarked
package dev.fanfare.dispatcher.delivery.offset;

import org.jspecify.annotations.NullMarked;
