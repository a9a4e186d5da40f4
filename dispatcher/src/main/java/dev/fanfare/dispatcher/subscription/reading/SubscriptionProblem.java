package dev.fanfare.dispatcher.subscription.reading;

/// One thing that keeps a subscription from being used.
///
/// @param pointer where, as a JSON pointer (RFC 6901) into the subscription as the API writes it,
///   e.g. `/filter/fields/bounce.kind/0`
/// @param detail what must be otherwise, for the person who asked; never a secret
public record SubscriptionProblem(String pointer, String detail) {}
