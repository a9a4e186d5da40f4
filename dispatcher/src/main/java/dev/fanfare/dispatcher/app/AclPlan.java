package dev.fanfare.dispatcher.app;

import dev.fanfare.dispatcher.cluster.Acl;
import dev.fanfare.dispatcher.cluster.Acl.Kind;
import dev.fanfare.dispatcher.cluster.Acl.Match;
import dev.fanfare.dispatcher.cluster.Acl.Operation;
import dev.fanfare.schemas.topic.Topics;
import java.util.Collection;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/// What each role must be allowed to do on a Kafka cluster that asks, and nothing more. What is
/// printed, documented, asked for at the start and tested is this.
///
/// | role    | its group        | its transactional ids                  |
/// |---------|------------------|----------------------------------------|
/// | fanout  | `fanout`         | `fanout-…`, named by Kafka Streams     |
/// | deliver | `delivery`       | `delivery.<instance>-<n>`              |
/// | retry   | `relay`, `replays` | `relay-<instance>`, `replays-<job>`  |
/// | log     | `log`, `alerts`  | `log-…`, `alerts`                      |
/// | api     |                  | `control`, `alerts`                    |
public final class AclPlan {
  private final Topics topics;
  private final SortedSet<Acl> all = new TreeSet<>();

  private AclPlan(Topics topics) {
    this.topics = topics;
  }

  /// For a process of these roles.
  public static SortedSet<Acl> of(Topics topics, Collection<Role> roles) {
    var plan = new AclPlan(topics);
    plan.everyRole();
    roles.forEach(plan::add);
    plan.all.removeIf(plan::isImplied);
    return plan.all;
  }

  /// For whoever runs `fanfare topics create`.
  public static SortedSet<Acl> toMakeTopics(Topics topics) {
    var plan = new AclPlan(topics);
    plan.topic(topics.events().name(), Operation.CREATE);
    plan.topics("", Operation.CREATE);
    plan.looksAtTopics();
    return plan.all;
  }

  /// Whoever may read or write a topic may describe it.
  private boolean isImplied(Acl acl) {
    return acl.operation() == Operation.DESCRIBE
        && Stream.of(Operation.READ, Operation.WRITE)
            .anyMatch(it -> all.contains(new Acl(acl.kind(), acl.match(), acl.name(), it)));
  }

  /// Reads who the subscribers and the callers are, and finds the topics fit.
  private void everyRole() {
    looksAtTopics();
    read(topics.subscriptions().name(), topics.endpoints().name(), topics.tenants().name());
  }

  private void looksAtTopics() {
    for (var operation : List.of(Operation.DESCRIBE, Operation.DESCRIBE_CONFIGS)) {
      topic(topics.events().name(), operation);
      topics("", operation);
    }
  }

  private void add(Role role) {
    switch (role) {
      case FANOUT -> {
        read(topics.events().name());
        write(topics.deliveries().name(), topics.rejected().name());
        group("fanout", Operation.READ);
        transactions(Match.PREFIXED, "fanout-");
      }
      case DELIVER -> {
        read(topics.deliveries().name());
        write(
            topics.attempts().name(),
            topics.deadLetters().name(),
            topics.endpoints().name(),
            topics.alerts().name(),
            topics.rejected().name());
        topics("retry.", Operation.WRITE);
        group("delivery", Operation.READ);
        transactions(Match.PREFIXED, "delivery.");
      }
      case RETRY -> {
        topics("retry.", Operation.READ);
        topics("retry.", Operation.WRITE);
        write(topics.deliveries().name());
        group("relay", Operation.READ);
        transactions(Match.PREFIXED, "relay-");
        // Replays, and what they may be of.
        read(topics.replays().name(), topics.deadLetters().name(), topics.events().name());
        read(topics.deliveries().name());
        write(topics.replays().name());
        group("replays", Operation.READ);
        transactions(Match.PREFIXED, "replays-");
      }
      case LOG -> {
        read(
            topics.deliveries().name(),
            topics.attempts().name(),
            topics.deadLetters().name(),
            topics.alerts().name(),
            topics.alertRules().name());
        topics("retry.", Operation.READ);
        for (var operation : List.of(Operation.READ, Operation.WRITE, Operation.CREATE)) {
          topics("log-", operation); // changelogs of its stores
        }
        group("log", Operation.READ);
        group("delivery", Operation.DESCRIBE); // how far the others are, for the ledger
        group("relay", Operation.DESCRIBE);
        transactions(Match.PREFIXED, "log-");
        group("alerts", Operation.READ);
        write(topics.alerts().name());
        transactions(Match.LITERAL, "alerts");
      }
      case API -> {
        read(
            topics.events().name(), // filters are tried on recent ones
            topics.replays().name(),
            topics.deadLetters().name(), // dry runs of replays count
            topics.deliveries().name(),
            topics.alerts().name(),
            topics.alertRules().name());
        write(
            topics.events().name(),
            topics.subscriptions().name(),
            topics.tenants().name(),
            topics.replays().name(),
            topics.alertRules().name());
        transactions(Match.LITERAL, "control");
        transactions(Match.LITERAL, "alerts");
      }
    }
  }

  private void read(String... names) {
    for (var name : names) {
      topic(name, Operation.READ);
    }
  }

  private void write(String... names) {
    for (var name : names) {
      topic(name, Operation.WRITE);
    }
  }

  private void topic(String name, Operation operation) {
    all.add(new Acl(Kind.TOPIC, Match.LITERAL, name, operation));
  }

  private void topics(String rest, Operation operation) {
    all.add(new Acl(Kind.TOPIC, Match.PREFIXED, topics.prefix() + rest, operation));
  }

  private void group(String rest, Operation operation) {
    all.add(new Acl(Kind.GROUP, Match.LITERAL, topics.prefix() + rest, operation));
  }

  private void transactions(Match match, String rest) {
    all.add(new Acl(Kind.TRANSACTIONAL_ID, match, topics.prefix() + rest, Operation.WRITE));
  }
}
