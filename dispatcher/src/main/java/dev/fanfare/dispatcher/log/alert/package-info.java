/// When somebody is told that something is wrong, and when that it is over. Decides only: what was
/// measured and what time it is comes from outside, and so does everything that follows.
@NullMarked
package dev.fanfare.dispatcher.log.alert;

import org.jspecify.annotations.NullMarked;
