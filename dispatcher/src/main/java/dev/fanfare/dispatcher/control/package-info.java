/// Everything that a person or the API asks for: subscriptions made and removed, events handed in.
///
/// Each request ends as a record that Kafka has acknowledged, or as a refusal that says why; reads
/// are answered from the process's table of subscriptions, after it has applied the own write.
/// Knows no HTTP.
@NullMarked
package dev.fanfare.dispatcher.control;

import org.jspecify.annotations.NullMarked;
