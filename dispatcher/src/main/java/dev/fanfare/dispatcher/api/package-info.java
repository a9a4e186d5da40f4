/// HTTP and JSON, nothing more: the routes, one resource for each noun, and the server that carries
/// them. `Routes` is the list of everything that is answered and who may ask.
///
/// Decides nothing about subscriptions or events; asks `control` and says what it said. Never
/// touches Kafka.
@NullMarked
package dev.fanfare.dispatcher.api;

import org.jspecify.annotations.NullMarked;
