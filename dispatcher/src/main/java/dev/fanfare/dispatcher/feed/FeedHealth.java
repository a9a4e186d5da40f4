package dev.fanfare.dispatcher.feed;

import java.util.Optional;

/// How a feed is doing.
///
/// @param following whether it has caught up and its thread runs
/// @param connected whether the cluster answered when last asked; the table serves on without
/// @param behind records on the topic that have not been applied, as of the last answer
/// @param entries in the table, the unusable included
/// @param unusable those of them that could not be read or understood
/// @param revision counts the changes of the table
/// @param trouble what is wrong now, for people
public record FeedHealth(
    boolean following,
    boolean connected,
    long behind,
    int entries,
    int unusable,
    long revision,
    Optional<String> trouble) {}
