package dev.fanfare.testkit.kafka;

import static java.util.concurrent.TimeUnit.SECONDS;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

/// Text messages in a topic of one partition: written with `acks=all`, read from the start.
record Messages(String bootstrap, String topic) {
  void createTopic() throws Exception {
    try (var admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
      admin
          .createTopics(List.of(new NewTopic(topic, Optional.of(1), Optional.empty())))
          .all()
          .get(30, SECONDS);
    }
  }

  void write(int from, int to) throws Exception {
    try (var producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", bootstrap, "acks", "all"),
            new StringSerializer(),
            new StringSerializer())) {
      var pending = new ArrayList<Future<?>>();
      for (int i = from; i < to; i++) {
        pending.add(producer.send(new ProducerRecord<>(topic, "m" + i)));
      }
      for (var sent : pending) {
        sent.get(60, SECONDS);
      }
    }
  }

  List<String> read(int count) {
    var read = new ArrayList<String>();
    try (var consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "auto.offset.reset", "earliest"),
            new StringDeserializer(),
            new StringDeserializer())) {
      consumer.assign(List.of(new TopicPartition(topic, 0)));
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (read.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(200)).forEach(message -> read.add(message.value()));
      }
    }
    return read;
  }

  static List<String> numbered(int from, int to) {
    var all = new ArrayList<String>();
    for (int i = from; i < to; i++) {
      all.add("m" + i);
    }
    return all;
  }
}
