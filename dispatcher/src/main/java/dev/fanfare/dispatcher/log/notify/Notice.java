package dev.fanfare.dispatcher.log.notify;

import java.time.Instant;
import java.util.Optional;

/// What somebody is told.
///
/// @param id of the alert; the same whenever it is told again, so that a repetition is recognised
/// @param attempt how often it has been tried, from 1
/// @param fired whether something is wrong, or over
/// @param kind of the rule, e.g. `failure_rate`
/// @param name of what it is about, e.g. an endpoint's description
/// @param summary the sentence that says it all
/// @param at when it fired or was over
/// @param since for what is over, when it had fired
/// @param firedId for what is over, the id under which it was told that it fires
/// @param link to the page that shows it; empty when nobody has said where the dashboard is
public record Notice(
    String id,
    int attempt,
    boolean fired,
    String rule,
    String kind,
    Optional<String> tenant,
    Optional<String> subscription,
    String name,
    String summary,
    Optional<Double> value,
    Optional<Double> threshold,
    Instant at,
    Optional<Instant> since,
    Optional<String> firedId,
    Optional<String> link) {}
