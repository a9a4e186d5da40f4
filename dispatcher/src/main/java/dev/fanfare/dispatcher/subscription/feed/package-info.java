/// The one table of subscriptions in a process, materialised from the compacted topic and caught up
/// before any role starts.
@NullMarked
package dev.fanfare.dispatcher.subscription.feed;

import org.jspecify.annotations.NullMarked;
