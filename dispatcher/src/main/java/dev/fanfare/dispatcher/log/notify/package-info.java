/// How somebody is told of an alert: a signed webhook, an e-mail, a message in a chat. Sends what
/// it is given, once, and says what came of it; whom to tell, and whether to try again, is decided
/// elsewhere.
@NullMarked
package dev.fanfare.dispatcher.log.notify;

import org.jspecify.annotations.NullMarked;
