package dev.fanfare.dispatcher.cluster;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at the cluster's topics and makes those that are missing. Every wait is bounded.
public final class TopicAdmin implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TopicAdmin.class);
  private static final Duration ANSWER = Duration.ofSeconds(8);
  private static final Duration LEADERS = Duration.ofSeconds(30);
  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final Admin admin;
  private final String bootstrap;

  private TopicAdmin(Admin admin, String bootstrap) {
    this.admin = admin;
    this.bootstrap = bootstrap;
  }

  /// @throws UnusableCluster if no broker answers within 8 seconds
  public static TopicAdmin connect(KafkaSettings kafka) {
    var properties = kafka.adminProperties();
    properties.putIfAbsent(AdminClientConfig.CLIENT_ID_CONFIG, "fanfare-admin");
    properties.put(AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
    properties.put(AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) ANSWER.toMillis());
    try {
      var admin = Admin.create(properties);
      var connected = new TopicAdmin(admin, kafka.bootstrap());
      try {
        connected.answer(admin.describeCluster().nodes());
        return connected;
      } catch (RuntimeException e) {
        connected.close();
        throw e;
      }
    } catch (KafkaException e) {
      throw new UnusableCluster(
          "can't connect to Kafka at bootstrap.servers=" + kafka.bootstrap() + ": " + cause(e), e);
    }
  }

  /// Makes what is missing and waits until every partition of the plan has a leader: an idempotent
  /// producer that races with a topic's creation can drop a batch.
  ///
  /// @return the names of the topics made
  /// @throws UnusableCluster if a topic can't be made, or gets no leader in time
  public List<String> createMissing(TopicPlan plan) {
    var existing = describe(plan);
    var missing = plan.topics().stream().filter(it -> !existing.containsKey(it.name())).toList();
    var created = new ArrayList<String>();
    var results = admin.createTopics(missing.stream().map(TopicAdmin::request).toList()).values();
    for (var topic : missing) {
      var result = results.get(topic.name());
      if (result == null) {
        throw new IllegalStateException("no answer for the topic " + topic.name());
      }
      answerOr(result.thenApply(_ -> topic.name()), TopicExistsException.class::isInstance)
          .ifPresent(created::add);
    }
    awaitLeaders(plan);
    return created;
  }

  /// What is not as planned; empty when all is well.
  public List<Mismatch> verify(TopicPlan plan) {
    return TopicCheck.mismatches(plan, describe(plan));
  }

  /// @throws UnusableCluster naming each topic that is unfit and the way out
  public void require(TopicPlan plan) {
    var mismatches = verify(plan);
    mismatches.stream().filter(it -> !it.isFatal()).forEach(it -> LOG.warn("topic {}", it));
    var fatal = mismatches.stream().filter(Mismatch::isFatal).toList();
    if (!fatal.isEmpty()) {
      throw new UnusableCluster(
          "the cluster at %s would lose records or can't be worked on:%n%s"
              .formatted(
                  bootstrap,
                  fatal.stream().map(it -> "  " + it).collect(Collectors.joining("\n"))));
    }
  }

  /// @param needed what this process must be allowed to do
  /// @param topics of the plan and others that there may be
  /// @throws UnusableCluster naming all that is denied
  public void requireAllowed(Collection<Acl> needed, Collection<String> topics) {
    var denied = new AclCheck(admin).denied(needed, topics);
    if (!denied.isEmpty()) {
      throw new UnusableCluster(
          "the cluster at %s does not allow what this process is to do:%n%s%nWhat has to be allowed, `fanfare topics acls` prints as commands of kafka-acls."
              .formatted(
                  bootstrap,
                  denied.entrySet().stream()
                      .sorted(Map.Entry.comparingByKey())
                      .map(it ->
                          "  " + it.getKey() + ": denied for " + String.join(", ", it.getValue()))
                      .collect(Collectors.joining("\n"))));
    }
  }

  private void awaitLeaders(TopicPlan plan) {
    long deadline = System.nanoTime() + LEADERS.toNanos();
    while (true) {
      var topics = describe(plan);
      var waiting =
          plan.topics().stream()
              .map(PlannedTopic::name)
              .filter(name -> !topics.containsKey(name) || topics.get(name).leaderless() > 0)
              .toList();
      if (waiting.isEmpty()) {
        return;
      }
      if (System.nanoTime() > deadline) {
        throw new UnusableCluster(
            "no leader was elected within %d s for %s"
                .formatted(LEADERS.toSeconds(), String.join(", ", waiting)));
      }
      pause();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK_AGAIN);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnusableCluster("interrupted while waiting for leaders", e);
    }
  }

  private Map<String, ActualTopic> describe(TopicPlan plan) {
    var names = plan.topics().stream().map(PlannedTopic::name).toList();
    var topics = new HashMap<String, ActualTopic>();
    admin
        .describeTopics(names)
        .topicNameValues()
        .forEach((name, future) ->
            answerOr(future, UnknownTopicOrPartitionException.class::isInstance)
                .ifPresent(description -> topics.put(name, actual(description))));
    var resources =
        topics.keySet().stream()
            .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
            .toList();
    admin
        .describeConfigs(resources)
        .values()
        .forEach((resource, future) ->
            topics.computeIfPresent(
                resource.name(),
                (_, topic) ->
                    answerOr(future, UnknownTopicOrPartitionException.class::isInstance)
                        .map(config -> topic.with(settings(config)))
                        .orElse(topic)));
    return topics;
  }

  private static ActualTopic actual(TopicDescription description) {
    var partitions = description.partitions();
    return new ActualTopic(
        partitions.size(),
        partitions.stream().mapToInt(it -> it.replicas().size()).min().orElse(0),
        (int)
            partitions.stream().filter(it -> it.leader() == null || it.leader().isEmpty()).count(),
        Map.of());
  }

  private static Map<String, String> settings(Config config) {
    var settings = new HashMap<String, String>();
    for (var entry : config.entries()) {
      if (entry.value() != null) {
        settings.put(entry.name(), entry.value());
      }
    }
    return settings;
  }

  private static NewTopic request(PlannedTopic topic) {
    var replicas =
        topic.replicationFactor() == -1
            ? Optional.<Short>empty()
            : Optional.of((short) topic.replicationFactor());
    return new NewTopic(topic.name(), Optional.of(topic.partitions()), replicas)
        .configs(topic.settings());
  }

  private <T> T answer(KafkaFuture<T> future) {
    return answerOr(future, _ -> false)
        .orElseThrow(() -> new IllegalStateException("Kafka answered nothing"));
  }

  /// What Kafka answers; empty when it answers with the error that is expected.
  private <T> Optional<T> answerOr(KafkaFuture<T> future, Predicate<Throwable> expected) {
    try {
      return Optional.ofNullable(
          future.get(ANSWER.plusSeconds(2).toMillis(), TimeUnit.MILLISECONDS));
    } catch (ExecutionException e) {
      if (e.getCause() != null && expected.test(e.getCause())) {
        return Optional.empty();
      }
      throw unusable(e.getCause() == null ? e : e.getCause());
    } catch (TimeoutException e) {
      throw unusable(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnusableCluster("interrupted while asking Kafka", e);
    }
  }

  private UnusableCluster unusable(Throwable why) {
    boolean silent =
        why instanceof TimeoutException
            || why instanceof org.apache.kafka.common.errors.TimeoutException;
    return new UnusableCluster(
        silent
            ? "no Kafka broker answers at bootstrap.servers=" + bootstrap
            : "Kafka at bootstrap.servers=" + bootstrap + " refuses: " + cause(why),
        why);
  }

  private static String cause(Throwable thrown) {
    var deepest = thrown;
    while (deepest.getCause() != null) {
      deepest = deepest.getCause();
    }
    return deepest.getMessage() == null ? deepest.getClass().getSimpleName() : deepest.getMessage();
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(2));
  }
}
