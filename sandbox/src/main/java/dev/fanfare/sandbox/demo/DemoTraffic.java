package dev.fanfare.sandbox.demo;

import dev.fanfare.schemas.avro.EmailEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// An email platform at work: some mails under way, at each beat the next event of one of them,
/// written to the input topic under the mail's id. One thread of its own.
public final class DemoTraffic implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DemoTraffic.class);
  private static final int MAILS_UNDER_WAY = 12;
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(3);

  private final String topic;
  private final Producer<String, EmailEvent> producer;
  private final Duration pace;
  private final SplittableRandom dice = new SplittableRandom();
  private final List<MailStory> underWay = new ArrayList<>();
  private final AtomicLong written = new AtomicLong();
  private final Thread thread = Thread.ofVirtual().name("demo-traffic").unstarted(this::run);

  private DemoTraffic(String topic, Producer<String, EmailEvent> producer, Duration pace) {
    this.topic = topic;
    this.producer = producer;
    this.pace = pace;
  }

  /// @param events writes events as the platform does, through the schema registry
  /// @param perSecond how many, at most
  public static DemoTraffic start(
      String bootstrap, String topic, Serializer<EmailEvent> events, int perSecond) {
    var settings =
        Map.<String, Object>of("bootstrap.servers", bootstrap, "client.id", "demo-traffic");
    var producer = new KafkaProducer<>(settings, new StringSerializer(), events);
    var traffic = new DemoTraffic(topic, producer, Duration.ofSeconds(1).dividedBy(perSecond));
    traffic.thread.start();
    return traffic;
  }

  private void run() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        write(nextEvent());
        Thread.sleep(pace);
      }
    } catch (InterruptedException e) {
      LOG.debug("the demo traffic was told to end");
    }
  }

  private EmailEvent nextEvent() {
    if (underWay.size() < MAILS_UNDER_WAY) {
      underWay.add(MailStory.begin(dice));
    }
    var story = underWay.get(dice.nextInt(underWay.size()));
    var event = story.next(Instant.now(), dice);
    if (story.isOver()) {
      underWay.remove(story);
    }
    return event;
  }

  private void write(EmailEvent event) throws InterruptedException {
    try {
      producer.send(new ProducerRecord<>(topic, event.getMessageId(), event)).get();
      written.incrementAndGet();
    } catch (ExecutionException | KafkaException e) {
      LOG.warn("the event {} of the demo was not written", event.getEventId(), e);
    }
  }

  /// How many events Kafka has acknowledged.
  public long written() {
    return written.get();
  }

  @Override
  public void close() {
    thread.interrupt();
    producer.close(CLOSE_WITHIN);
  }
}
