/// The alerts of a running system: the table of rules and of what they have said, the one instance
/// that looks at the log and writes what has changed, and who is told. What a reading means is up
/// to `log.alert`; how a message is sent, to `log.notify`.
@NullMarked
package dev.fanfare.dispatcher.alerting;

import org.jspecify.annotations.NullMarked;
