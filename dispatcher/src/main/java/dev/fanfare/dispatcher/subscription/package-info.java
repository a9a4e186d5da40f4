/// Who wants what, where it goes, how fast. Decides only; the feed beside it reads the topic.
@NullMarked
package dev.fanfare.dispatcher.subscription;

import org.jspecify.annotations.NullMarked;
