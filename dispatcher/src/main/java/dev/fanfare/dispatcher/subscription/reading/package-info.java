/// Reads a stored subscription into one that can be used, or says what is wrong with it, field by
/// field; and what stands in for one that cannot be used. Decides only.
@NullMarked
package dev.fanfare.dispatcher.subscription.reading;

import org.jspecify.annotations.NullMarked;
