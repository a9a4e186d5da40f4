/// The live log: changes of deliveries as they become durable, to readers that are each held to a
/// bounded queue. It reads the changelog of the log's own store, so every instance sees all of
/// them; it writes nothing.
@NullMarked
package dev.fanfare.dispatcher.log.live;

import org.jspecify.annotations.NullMarked;
