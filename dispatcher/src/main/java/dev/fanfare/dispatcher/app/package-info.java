/// The assembled dispatcher: what is started, in which order, for which roles, and closed in
/// reverse. The one place that knows every part; does nothing else.
@NullMarked
package dev.fanfare.dispatcher.app;

import org.jspecify.annotations.NullMarked;
