package dev.fanfare.dispatcher.subscription.feed;

import java.util.Optional;

/// How the table of subscriptions is doing.
///
/// @param following whether it has caught up and its thread runs
/// @param connected whether the cluster answered when last asked; the table serves on without
/// @param behind records on the topic that have not been applied, as of the last answer
/// @param subscriptions in the table, the unusable included
/// @param unusable those of them that could not be read or understood, and wait
/// @param revision counts the changes of the table
/// @param trouble what is wrong now, for people
public record FeedHealth(
    boolean following,
    boolean connected,
    long behind,
    int subscriptions,
    int unusable,
    long revision,
    Optional<String> trouble) {}
