package dev.fanfare.dispatcher.cluster;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks the cluster whether this process may do what it needs to, before anything is begun: Kafka's
/// own errors name the resource at best, one at a time, and never what was to be done with it.
///
/// A cluster that does not say is believed: what is not allowed shows when it is done. Nothing is
/// changed by the questions.
final class AclCheck {
  private static final Logger LOG = LoggerFactory.getLogger(AclCheck.class);
  private static final Duration ANSWER = Duration.ofSeconds(10);

  private final Admin admin;

  AclCheck(Admin admin) {
    this.admin = admin;
  }

  /// Those that are denied, each with what it was asked about.
  ///
  /// @param topics that there may be; an ACL is asked about with those that it covers
  Map<Acl, Set<String>> denied(Collection<Acl> needed, Collection<String> topics) {
    var denied = new HashMap<Acl, Set<String>>();
    var allowed = new HashMap<Acl.Kind, Map<String, Set<AclOperation>>>();
    allowed.put(Acl.Kind.TOPIC, topics(topics));
    allowed.put(Acl.Kind.GROUP, groups(examples(needed, Acl.Kind.GROUP)));
    allowed.put(
        Acl.Kind.TRANSACTIONAL_ID, transactions(examples(needed, Acl.Kind.TRANSACTIONAL_ID)));
    for (var acl : needed) {
      var missing = new TreeSet<String>();
      if (acl.operation() == Acl.Operation.CREATE) {
        create(acl).ifPresent(missing::add);
      } else {
        var operation = AclOperation.valueOf(acl.operation().name());
        allowed
            .getOrDefault(acl.kind(), Map.of())
            .forEach((name, operations) -> {
              if (acl.covers(acl.kind(), name) && !operations.contains(operation)) {
                missing.add(name);
              }
            });
      }
      if (!missing.isEmpty()) {
        denied.put(acl, missing);
      }
    }
    return denied;
  }

  private static List<String> examples(Collection<Acl> needed, Acl.Kind kind) {
    return needed.stream().filter(it -> it.kind() == kind).map(Acl::example).distinct().toList();
  }

  /// What may be done with each topic that there is; nothing of one that is hidden.
  private Map<String, Set<AclOperation>> topics(Collection<String> names) {
    var options = new DescribeTopicsOptions().includeAuthorizedOperations(true);
    return admin.describeTopics(names, options).topicNameValues().entrySet().stream()
        .flatMap(it ->
            known(
                it.getKey(),
                it.getValue(),
                topic -> Optional.ofNullable(topic.authorizedOperations()))
                .stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// A group that nobody has joined yet is unknown, so that one must be content with being told so.
  private Map<String, Set<AclOperation>> groups(Collection<String> names) {
    var options = new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true);
    return admin.describeConsumerGroups(names, options).describedGroups().entrySet().stream()
        .flatMap(it ->
            known(
                it.getKey(),
                it.getValue(),
                group -> Optional.ofNullable(group.authorizedOperations()))
                .stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  private Map<String, Set<AclOperation>> transactions(Collection<String> ids) {
    var described = admin.describeTransactions(ids);
    return ids.stream()
        .flatMap(id -> known(id, described.description(id), _ -> Optional.empty()).stream())
        .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
  }

  /// The first topic's creation is asked for, but not meant.
  private Optional<String> create(Acl acl) {
    var wish = new NewTopic(acl.example(), Optional.of(1), Optional.empty());
    var made = admin.createTopics(List.of(wish), new CreateTopicsOptions().validateOnly(true));
    return known(acl.example(), made.all(), _ -> Optional.empty()).map(Map.Entry::getKey);
  }

  /// What is known of the resource: nothing is allowed when it is refused, and nothing is known
  /// when it is not there, or the cluster does not say.
  private static <T> Optional<Map.Entry<String, Set<AclOperation>>> known(
      String name, KafkaFuture<T> answer, Function<T, Optional<Set<AclOperation>>> operations) {
    try {
      return operations
          .apply(answer.get(ANSWER.toMillis(), TimeUnit.MILLISECONDS))
          .map(all -> Map.entry(name, all));
    } catch (ExecutionException e) {
      return e.getCause() instanceof AuthorizationException
          ? Optional.of(Map.entry(name, Set.of()))
          : Optional.empty();
    } catch (TimeoutException e) {
      LOG.debug("whether {} may be used is not known", name, e);
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnusableCluster("interrupted while asking Kafka", e);
    }
  }
}
