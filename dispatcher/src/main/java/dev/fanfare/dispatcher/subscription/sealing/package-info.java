/// What is secret of a subscription, sealed on its way to Kafka and opened on its way back: one
/// place for each.
@NullMarked
package dev.fanfare.dispatcher.subscription.sealing;

import org.jspecify.annotations.NullMarked;
