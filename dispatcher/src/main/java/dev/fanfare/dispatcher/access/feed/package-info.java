/// The one table of API keys and tenants in a process, materialised from the compacted topic.
/// Decides nothing about who may do what.
@NullMarked
package dev.fanfare.dispatcher.access.feed;

import org.jspecify.annotations.NullMarked;
