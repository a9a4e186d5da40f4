package dev.fanfare.bench.micro;

import dev.fanfare.bench.load.Payloads;
import dev.fanfare.dispatcher.delivery.offset.OffsetTracker;
import dev.fanfare.dispatcher.delivery.outcome.Outcome;
import dev.fanfare.dispatcher.delivery.outcome.Verdict;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import dev.fanfare.retry.ladder.RetrySchedule;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/// What is done for each delivery besides the POST itself: render, sign, decide, keep track of
/// offsets, encode and decode.
@State(Scope.Benchmark)
public class DeliveryBenchmark {
  private static final int OFFSETS = 1024;
  private static final String TOPIC = "deliveries";

  private final EmailEvent event = new Payloads(1024).event("b_1_1", "acme");
  private final ByteBuffer payload = Payloads.render(event);
  private final SigningKeys keys = new SigningKeys(List.of(HmacSecret.generate(new byte[32])));
  private final Delivery delivery = Samples.delivery(payload);
  private final Attempt attempt = Samples.attempt();
  private final AvroSerdes serdes = new AvroSerdes(RegistrySettings.at("mock://micro"));
  private final Serializer<Attempt> attempts = serdes.serializer();
  private final Serializer<Delivery> deliveries = serdes.serializer();
  private final Deserializer<Delivery> read = serdes.deserializer(Delivery.class);
  private final byte[] written = deliveries.serialize(TOPIC, delivery);
  private final Reply good =
      new Reply.Answered(
          204, Map.of("server", "nginx"), ByteBuffer.allocate(0), Reply.Sent.NOTHING);
  private final Reply busy =
      new Reply.Answered(
          503, Map.of("retry-after", "120"), ByteBuffer.allocate(0), Reply.Sent.NOTHING);
  private final Instant expires = Samples.NOW.plus(Duration.ofHours(24));

  @Benchmark
  public ByteBuffer render() {
    return Payloads.render(event);
  }

  @Benchmark
  public String sign() {
    return StandardWebhooks.sign(keys, "evt_0123456789abcdef", Samples.NOW, payload);
  }

  @Benchmark
  public Outcome decideDelivered() {
    return Verdict.on(good, 1, expires, RetrySchedule.DEFAULT, Samples.NOW);
  }

  @Benchmark
  public Outcome decideRetryAfter() {
    return Verdict.on(busy, 1, expires, RetrySchedule.DEFAULT, Samples.NOW);
  }

  /// Received in order, settled every other one first; once per thousand what may be committed.
  @Benchmark
  @OperationsPerInvocation(OFFSETS)
  public String trackOffsets() {
    var tracker = OffsetTracker.at(0);
    for (int i = 0; i < OFFSETS; i++) {
      tracker.received(i);
    }
    for (int i = 1; i < OFFSETS; i += 2) {
      tracker.settled(i);
    }
    var metadata = tracker.metadata();
    for (int i = 0; i < OFFSETS; i += 2) {
      tracker.settled(i);
    }
    return metadata;
  }

  @Benchmark
  public byte[] encodeAttempt() {
    return attempts.serialize("attempts", attempt);
  }

  @Benchmark
  public byte[] encodeDelivery() {
    return deliveries.serialize(TOPIC, delivery);
  }

  @Benchmark
  public Delivery decodeDelivery() {
    return read.deserialize(TOPIC, written);
  }
}
