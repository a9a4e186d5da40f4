/// A compacted topic in memory: read to its end before anything starts, then followed by a thread
/// of its own, whatever the cluster does. What is kept of a record is a [FeedTable]'s business;
/// knows neither subscriptions nor keys.
@NullMarked
package dev.fanfare.dispatcher.feed;

import org.jspecify.annotations.NullMarked;
