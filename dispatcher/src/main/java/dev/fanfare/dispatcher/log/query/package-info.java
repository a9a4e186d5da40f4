/// Answers questions about deliveries from the stores of all instances: each partition is asked
/// where it lives, and what can't be asked is named. It reads stores and peers; it writes nothing.
@NullMarked
package dev.fanfare.dispatcher.log.query;

import org.jspecify.annotations.NullMarked;
