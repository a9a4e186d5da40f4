package dev.fanfare.dispatcher.fanout;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.DecodeFailure;
import dev.fanfare.schemas.topic.EventAt;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes each record as bytes, so that one which is no event can be passed on as it is, and
/// forwards what [Fanout] makes of it. One per partition; used by one thread at a time.
///
/// **While the registry cannot be asked**, an event of a schema not seen before is neither rejected
/// nor passed over. After a few quick tries the processor throws: the transaction is aborted at
/// once, so nothing half-done holds back readers of committed deliveries, and a new thread tries
/// again from the last commit, waiting longer each time ([Recovery]). To wait here instead would
/// leave the transaction open until the broker ends it, and stop the thread's other partitions as
/// well.
final class FanoutProcessor implements Processor<byte[], byte[], byte[], byte[]> {
  private static final Logger LOG = LoggerFactory.getLogger(FanoutProcessor.class);
  private static final int TRIES = 3;
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(150);
  private static final int MOST_REMEMBERED = 1_000;
  private static final int FRAME = 5;

  /// What all the processors of a process share.
  record Shared(
      Fanout fanout,
      EventCodec.Pool codecs,
      Recovery recovery,
      FanoutMetrics metrics,
      InstantSource clock) {}

  private final Shared shared;
  private final String deliveriesTopic;
  private final Deduplication deduplication;

  /// Schemas that the registry did not know even when asked again: not waited for once more.
  private final Set<Integer> unknownSchemas = new HashSet<>();

  private @Nullable ProcessorContext<byte[], byte[]> context;
  private @Nullable EventCodec codec;

  /// Null while every event counts, however often it comes.
  private @Nullable SeenEvents seen;

  FanoutProcessor(Shared shared, String deliveriesTopic, Deduplication deduplication) {
    this.shared = shared;
    this.deliveriesTopic = deliveriesTopic;
    this.deduplication = deduplication;
  }

  private sealed interface Reading {
    record Read(EmailEvent event) implements Reading {}

    record Unreadable(Rejection rejection) implements Reading {}
  }

  @Override
  public void init(ProcessorContext<byte[], byte[]> given) {
    shared.recovery().awaitTurn();
    context = given;
    codec = shared.codecs().borrow();
    if (deduplication.isOn()) {
      seen = new SeenEvents(given.getStateStore(SeenEvents.STORE), deduplication.window());
    }
  }

  @Override
  public void process(Record<byte[], byte[]> received) {
    var started = System.nanoTime();
    var arrived = ArrivalTime.taken(received.headers());
    switch (plan(received)) {
      case Fanout.Plan.Deliveries plan -> {
        var now = shared.clock().instant();
        if (seen != null && seen.isRepetition(plan.event(), now)) {
          shared.metrics().suppressed(since(started));
          return;
        }
        long nowMillis = now.toEpochMilli();
        plan.deliver(
            now,
            Traceparent.of(received.headers()),
            delivery -> forward(delivery, nowMillis, arrived));
        shared.metrics().fannedOut(plan.wanted().size(), since(started));
      }
      case Fanout.Plan.Rejected(Rejection rejection) -> {
        reject(received, rejection);
        shared.metrics().rejected(rejection, since(started));
      }
    }
  }

  private Fanout.Plan plan(Record<byte[], byte[]> received) {
    return switch (read(received)) {
      case Reading.Unreadable(Rejection rejection) -> new Fanout.Plan.Rejected(rejection);
      case Reading.Read(EmailEvent event) -> plan(event);
    };
  }

  private Fanout.Plan plan(EmailEvent event) {
    try {
      return shared.fanout().plan(event);
    } catch (RuntimeException e) {
      // It would fail again for ever, and hold up all events behind it.
      LOG.error("a fault of ours: the event at {} is rejected", source(), e);
      return new Fanout.Plan.Rejected(new Rejection(Rejection.UNPROCESSABLE, e.toString()));
    }
  }

  private Reading read(Record<byte[], byte[]> received) {
    if (received.value() == null) {
      return unreadable("it has no value");
    }
    for (int tries = 1; ; tries++) {
      try {
        return new Reading.Read(
            codec().events().deserialize(metadata().topic(), received.headers(), received.value()));
      } catch (RuntimeException e) {
        var failure = DecodeFailure.of(e);
        if (tries >= TRIES || !mayPass(failure, received.value())) {
          return givenUp(received, failure, e);
        }
        shared.recovery().pause(BETWEEN_TRIES);
      }
    }
  }

  /// Whether the next try may go better.
  private boolean mayPass(DecodeFailure failure, byte[] value) {
    return switch (failure) {
      case DecodeFailure.Unreachable _ -> true;
      case DecodeFailure.Unusable(DecodeFailure.Reason reason, _) ->
          reason == DecodeFailure.Reason.UNKNOWN_SCHEMA
              && !unknownSchemas.contains(schemaOf(value));
    };
  }

  private Reading givenUp(
      Record<byte[], byte[]> received, DecodeFailure failure, RuntimeException thrown) {
    return switch (failure) {
      case DecodeFailure.Unreachable(String detail) ->
          throw new SerializationException(
              "the event at " + source() + " cannot be read yet: " + detail, thrown);
      case DecodeFailure.Unusable(DecodeFailure.Reason reason, String detail) -> {
        if (reason == DecodeFailure.Reason.UNKNOWN_SCHEMA) {
          remember(schemaOf(received.value()));
        }
        yield unreadable(reason.code() + ": " + detail);
      }
    };
  }

  private void remember(int unknownSchema) {
    if (unknownSchemas.size() >= MOST_REMEMBERED) {
      unknownSchemas.clear();
    }
    unknownSchemas.add(unknownSchema);
  }

  private static Reading unreadable(String detail) {
    return new Reading.Unreadable(new Rejection(Rejection.UNREADABLE, detail));
  }

  /// The schema's id in Confluent's framing.
  private static int schemaOf(byte[] value) {
    return value.length < FRAME ? -1 : ByteBuffer.wrap(value, 1, Integer.BYTES).getInt();
  }

  private void forward(Delivery delivery, long nowMillis, byte @Nullable [] eventAt) {
    byte[] value = codec().deliveries().serialize(deliveriesTopic, delivery);
    var headers = new RecordHeaders();
    if (eventAt != null) {
      headers.add(EventAt.HEADER, eventAt);
    }
    // The record's time is now, not the event's: an old event's deliveries must not be deleted with
    // the topic's oldest segment before they are made.
    context()
        .forward(
            new Record<>(delivery.getSubscriptionId().getBytes(UTF_8), value, nowMillis, headers),
            FanoutTopology.DELIVERIES);
  }

  private void reject(Record<byte[], byte[]> received, Rejection rejection) {
    LOG.warn("rejected the event at {}: {}", source(), rejection.reason());
    context()
        .forward(
            RejectedRecord.of(received, rejection, source(), shared.clock().millis()),
            FanoutTopology.REJECTED);
  }

  private String source() {
    var from = metadata();
    return from.topic() + "/" + from.partition() + "/" + from.offset();
  }

  private RecordMetadata metadata() {
    return context()
        .recordMetadata()
        .orElseThrow(() -> new IllegalStateException("every record has a source"));
  }

  private ProcessorContext<byte[], byte[]> context() {
    if (context == null) {
      throw new IllegalStateException("not initialised");
    }
    return context;
  }

  private EventCodec codec() {
    if (codec == null) {
      throw new IllegalStateException("not initialised");
    }
    return codec;
  }

  private static Duration since(long startedNanos) {
    return Duration.ofNanos(System.nanoTime() - startedNanos);
  }

  @Override
  public void close() {
    if (codec != null) {
      shared.codecs().giveBack(codec);
      codec = null;
    }
  }
}
