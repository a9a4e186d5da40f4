package dev.fanfare.dispatcher.telemetry;

import java.util.Arrays;
import java.util.Optional;

/// Which of the hundreds of metrics of Kafka's clients are shown, and as what. All carry the tag
/// `client`, the client's id; those by topic carry `topic` as well.
enum ClientMetric {
  LAG(
      "consumer-fetch-manager-metrics",
      "records-lag",
      Kind.SUM,
      "fanfare.kafka.consumer.lag",
      "Records on a consumer's partitions that it has not fetched yet, by topic; on the topics of"
          + " waiting deliveries it is never 0 and means nothing."),
  CONSUMED(
      "consumer-fetch-manager-metrics",
      "records-consumed-total",
      Kind.COUNTER,
      "fanfare.kafka.consumer.records",
      "Records fetched by a consumer."),
  CONSUMED_BYTES(
      "consumer-fetch-manager-metrics",
      "bytes-consumed-total",
      Kind.COUNTER,
      "fanfare.kafka.consumer.bytes",
      "Bytes fetched by a consumer."),
  PARTITIONS(
      "consumer-coordinator-metrics",
      "assigned-partitions",
      Kind.SUM,
      "fanfare.kafka.consumer.partitions",
      "Partitions that a member of a group has."),
  REBALANCES(
      "consumer-coordinator-metrics",
      "rebalance-total",
      Kind.COUNTER,
      "fanfare.kafka.consumer.rebalances",
      "Rebalances that a member of a group took part in."),
  SENT(
      "producer-metrics",
      "record-send-total",
      Kind.COUNTER,
      "fanfare.kafka.producer.records",
      "Records sent by a producer."),
  SENT_BYTES(
      "producer-metrics",
      "outgoing-byte-total",
      Kind.COUNTER,
      "fanfare.kafka.producer.bytes",
      "Bytes sent by a producer, compressed."),
  SEND_ERRORS(
      "producer-metrics",
      "record-error-total",
      Kind.COUNTER,
      "fanfare.kafka.producer.errors",
      "Records that a producer gave up on."),
  SEND_RETRIES(
      "producer-metrics",
      "record-retry-total",
      Kind.COUNTER,
      "fanfare.kafka.producer.retries",
      "Records that a producer sent again."),
  ANSWER_TIME(
      "producer-metrics",
      "request-latency-avg",
      Kind.LARGEST,
      "fanfare.kafka.producer.request.latency.ms",
      "How long brokers take to answer a producer, on average, in milliseconds."),
  CONNECTIONS(
      ".*-metrics",
      "connection-count",
      Kind.SUM,
      "fanfare.kafka.client.connections",
      "Open connections of a client to brokers."),
  REFUSED(
      ".*-metrics",
      "failed-authentication-total",
      Kind.COUNTER,
      "fanfare.kafka.client.authentication.failures",
      "Connections on which a broker refused a client's credentials."),
  STREAM_THREADS(
      "stream-metrics",
      "alive-stream-threads",
      Kind.SUM,
      "fanfare.kafka.streams.threads",
      "Threads of a topology that are alive."),
  PROCESSED(
      "stream-thread-metrics",
      "process-total",
      Kind.COUNTER,
      "fanfare.kafka.streams.processed",
      "Records processed by a topology."),
  COMMITS(
      "stream-thread-metrics",
      "commit-total",
      Kind.COUNTER,
      "fanfare.kafka.streams.commits",
      "Commits of a topology."),
  COMMIT_TIME(
      "stream-thread-metrics",
      "commit-latency-avg",
      Kind.LARGEST,
      "fanfare.kafka.streams.commit.latency.ms",
      "How long a commit of a topology takes, on average, in milliseconds; the slowest thread's.");

  /// How the values of several clients, threads or partitions become one.
  enum Kind {
    COUNTER,
    SUM,
    LARGEST
  }

  private final String group;
  private final String name;
  private final Kind kind;
  private final String meter;
  private final String help;

  ClientMetric(String group, String name, Kind kind, String meter, String help) {
    this.group = group;
    this.name = name;
    this.kind = kind;
    this.meter = meter;
    this.help = help;
  }

  /// The one that shows this metric of Kafka's.
  static Optional<ClientMetric> of(String group, String name) {
    return Arrays.stream(values())
        .filter(each -> each.name.equals(name) && group.matches(each.group))
        .findFirst();
  }

  Kind kind() {
    return kind;
  }

  /// Those that Kafka has by partition.
  boolean isByTopic() {
    return this == LAG;
  }

  String meter() {
    return meter;
  }

  String help() {
    return help;
  }
}
