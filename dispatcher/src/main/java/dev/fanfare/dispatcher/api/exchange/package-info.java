/// One HTTP exchange without the HTTP server: a call in, an answer out, and everything that can be
/// wrong with a call as RFC 9457 problem details.
///
/// Knows neither what Fanfare does nor which server carries it, so that resources are written, read
/// and tested without a socket.
@NullMarked
package dev.fanfare.dispatcher.api.exchange;

import org.jspecify.annotations.NullMarked;
