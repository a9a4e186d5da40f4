package dev.fanfare.dispatcher.delivery.worker;

/// What an attempt is started with and comes back with.
///
/// @param startedAtMs when its lane let it start
/// @param version of the subscription that it calls, or an older one: what the endpoint says is
///   never taken for an answer to what its owner has written since
/// @param bytes that its call is held to take of the memory budget
record Ticket(long startedAtMs, long version, int bytes) {}
