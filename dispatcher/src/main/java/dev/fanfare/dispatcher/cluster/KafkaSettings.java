package dev.fanfare.dispatcher.cluster;

import java.util.HashMap;
import java.util.Map;

/// How to reach Kafka: client properties under Kafka's own names, passed through. `toString` shows
/// no values but the servers', since properties hold passwords.
///
/// @param all for every client; `bootstrap.servers` at least
/// @param producer for producers on top, and so on for the other kinds
/// @param ours for every client: what no file can say, objects among it; a list that is there
///   already goes on with ours
public record KafkaSettings(
    Map<String, String> all,
    Map<String, String> producer,
    Map<String, String> consumer,
    Map<String, String> streams,
    Map<String, String> admin,
    Map<String, Object> ours) {
  private static final String SERVERS = "bootstrap.servers";

  /// @throws IllegalArgumentException if `bootstrap.servers` is missing
  public KafkaSettings {
    all = Map.copyOf(all);
    producer = Map.copyOf(producer);
    consumer = Map.copyOf(consumer);
    streams = Map.copyOf(streams);
    admin = Map.copyOf(admin);
    ours = Map.copyOf(ours);
    if (all.getOrDefault(SERVERS, "").isBlank()) {
      throw new IllegalArgumentException("needs " + SERVERS);
    }
  }

  public KafkaSettings(
      Map<String, String> all,
      Map<String, String> producer,
      Map<String, String> consumer,
      Map<String, String> streams,
      Map<String, String> admin) {
    this(all, producer, consumer, streams, admin, Map.of());
  }

  public static KafkaSettings at(String bootstrap) {
    return new KafkaSettings(Map.of(SERVERS, bootstrap), Map.of(), Map.of(), Map.of(), Map.of());
  }

  public String bootstrap() {
    return all.getOrDefault(SERVERS, "");
  }

  /// The same with these properties for every client.
  public KafkaSettings with(Map<String, Object> added) {
    return new KafkaSettings(all, producer, consumer, streams, admin, added);
  }

  /// For clients that add what is special themselves. Mutable, the caller's own, as are the others.
  public Map<String, Object> commonProperties() {
    return properties(Map.of());
  }

  public Map<String, Object> producerProperties() {
    return properties(producer);
  }

  public Map<String, Object> consumerProperties() {
    return properties(consumer);
  }

  /// Those for producers and consumers carry the prefixes that Streams wants.
  public Map<String, Object> streamsProperties() {
    var properties = properties(Map.of());
    producer.forEach((name, value) -> properties.put("producer." + name, value));
    consumer.forEach((name, value) -> properties.put("consumer." + name, value));
    properties.putAll(streams);
    return properties;
  }

  public Map<String, Object> adminProperties() {
    return properties(admin);
  }

  private Map<String, Object> properties(Map<String, String> special) {
    var properties = new HashMap<String, Object>(all);
    properties.putAll(special);
    ours.forEach(
        (name, value) -> properties.merge(name, value, (theirs, own) -> theirs + "," + own));
    return properties;
  }

  @Override
  public String toString() {
    return "Kafka at " + bootstrap();
  }
}
