/// The dashboard: the files of the page, where they are found, and what a browser may do with them.
///
/// Everything comes from the class path, at start, and is small enough to be kept. The page has no
/// way in of its own: it uses the REST API and the event stream that everyone else has. Knows
/// neither Kafka nor what the API does.
@NullMarked
package dev.fanfare.dispatcher.console;

import org.jspecify.annotations.NullMarked;
