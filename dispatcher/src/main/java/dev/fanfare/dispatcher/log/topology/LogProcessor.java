package dev.fanfare.dispatcher.log.topology;

import dev.fanfare.dispatcher.log.entry.Chronicle;
import dev.fanfare.dispatcher.log.entry.Chronicle.Met;
import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.entry.Interruption;
import dev.fanfare.dispatcher.log.entry.LetterGroup;
import dev.fanfare.dispatcher.log.entry.Minute;
import dev.fanfare.dispatcher.log.ledger.Place;
import dev.fanfare.retry.deadletter.Fingerprint;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.serde.DecodeFailure;
import dev.fanfare.schemas.topic.BreakerHeader;
import dev.fanfare.schemas.topic.Topics;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Writes each record into the stores. One per partition; used by one thread at a time.
///
/// A record that can't be read is passed over, with a line in the log and a count: the stage that
/// it was meant for puts it on the rejected topic. While the registry can't be asked, the processor
/// throws, and the thread is replaced and tries again.
final class LogProcessor implements Processor<byte[], byte[], Void, Void> {
  private static final Logger LOG = LoggerFactory.getLogger(LogProcessor.class);

  private final LogTopology.Parts shared;
  private final Map<String, String> rungs;
  private final String attempts;
  private final String deadLetters;
  private @Nullable Book book;
  private long tenure;
  private @Nullable ProcessorContext<Void, Void> context;

  LogProcessor(LogTopology.Parts shared, Topics topics, Map<String, String> rungs) {
    this.shared = shared;
    this.rungs = rungs;
    this.attempts = topics.attempts().name();
    this.deadLetters = topics.deadLetters().name();
  }

  @Override
  public void init(ProcessorContext<Void, Void> given) {
    context = given;
    var opened =
        new Book(given.getStateStore(LogTopology.STATE), given.getStateStore(LogTopology.LOG));
    book = opened;
    var forgets =
        new Forgetting(
            opened, shared.keeping(), shared.purges(), given.taskId().partition(), shared.clock());
    given.schedule(
        Forgetting.EVERY,
        PunctuationType.WALL_CLOCK_TIME,
        _ -> shared.metrics().forgot(forgets.step()));
    shared.purges().begin(given.taskId().partition());
    tenure = shared.tenures().begin(given.taskId().partition());
  }

  @Override
  public void close() {
    if (context != null) {
      shared.tenures().end(context.taskId().partition(), tenure);
    }
  }

  @Override
  public void process(Record<byte[], byte[]> received) {
    if (received.value() == null) {
      return;
    }
    try {
      var from = metadata();
      if (from.topic().equals(attempts)) {
        attempt(received, from);
      } else if (from.topic().equals(deadLetters)) {
        deadLetter(received, from);
      } else {
        delivery(received, from);
      }
    } catch (SerializationException e) {
      passOver(e);
    }
  }

  private void passOver(SerializationException thrown) {
    switch (DecodeFailure.of(thrown)) {
      case DecodeFailure.Unreachable _ -> throw thrown;
      case DecodeFailure.Unusable(var reason, var detail) -> {
        var from = metadata();
        LOG.warn(
            "passed over a record that can't be read, at {}/{}/{}: {}: {}",
            from.topic(),
            from.partition(),
            from.offset(),
            reason.code(),
            detail);
        shared.metrics().unreadable();
      }
    }
  }

  private void delivery(Record<byte[], byte[]> received, RecordMetadata from) {
    var record = shared.codec().delivery(received.value());
    var kept = shared.keeping().kept(record);
    var rung = rungs.get(from.topic());
    var before = book().state(record.getDeliveryId());
    boolean first = before.isEmpty() || !before.get().opened();
    var bytes = first ? kept(record, kept, received.value()) : new byte[0];
    var met = met(from, received, first ? bytes.length : 0);
    if (rung == null) {
      book().begin(from.offset());
    }
    var after =
        rung == null
            ? Chronicle.delivery(before, kept, met)
            : Chronicle.waiting(before, kept, rung, met);
    if (first) {
      book().opening(record.getDeliveryId(), bytes);
      book().count(after.names(), met.at(), Minute.ONE_OPENED);
    }
    if (rung != null && isDeferral(before, after)) {
      book().count(after.names(), met.at(), Minute.ONE_DEFERRED);
    }
    book().write(before, after);
    shared.metrics().took(first ? LogMetrics.Taken.OPENED : LogMetrics.Taken.MOVED);
  }

  private byte[] kept(Delivery record, Delivery kept, byte[] received) {
    return shared.keeping().keepsAll(record.getTenant()) ? received : shared.codec().bytes(kept);
  }

  /// A new wait that no attempt is the reason for.
  private static boolean isDeferral(Optional<DeliveryState> before, DeliveryState after) {
    return before
        .filter(it -> it.attempts() == after.attempts() && it.opened())
        .flatMap(DeliveryState::place)
        .filter(was -> was.kind() == Place.Kind.DELIVERIES)
        .flatMap(was -> after.place().filter(is -> is.dueAt() > was.dueAt()))
        .isPresent();
  }

  private void attempt(Record<byte[], byte[]> received, RecordMetadata from) {
    var record = shared.codec().attempt(received.value());
    var kept = shared.keeping().kept(record);
    var bytes =
        shared.keeping().keepsAll(record.getTenant())
            ? received.value()
            : shared.codec().bytes(kept);
    var before = book().state(record.getDeliveryId());
    int seen = before.map(DeliveryState::attempts).orElse(0);
    boolean again = !book().attempt(record.getDeliveryId(), seen, record.getAttempt(), bytes);
    var met = met(from, received, again ? 0 : bytes.length);
    var after = Chronicle.attempt(before, kept, met);
    book().write(before, after);
    breaker(received, after.names(), met.at());
    if (!again) {
      boolean success = record.getOutcome().equals("delivered");
      book().streak(after.names().subscriptionId(), success, met.at());
      book()
          .count(
              after.names(),
              met.at(),
              Minute.attempt(success, record.getTotalUs() == null ? -1 : record.getTotalUs()));
    }
    shared.metrics().took(LogMetrics.Taken.ATTEMPT);
  }

  private void breaker(Record<byte[], byte[]> received, DeliveryState.Names names, long at) {
    var header = received.headers().lastHeader(BreakerHeader.NAME);
    var until = BreakerHeader.decode(header == null ? null : header.value());
    if (until.isPresent()) {
      book()
          .interruption(
              new Interruption(names.subscriptionId(), names.tenant(), until.getAsLong(), at));
    } else {
      book().flows(names.subscriptionId());
    }
  }

  private void deadLetter(Record<byte[], byte[]> received, RecordMetadata from) {
    var record = shared.codec().deadLetter(received.value());
    var delivery = record.getDelivery();
    var kept = shared.keeping().kept(delivery);
    var print = Fingerprint.of(record).value();
    var before = book().state(delivery.getDeliveryId());
    if (before.isEmpty()) {
      // The log began after it was opened; what it was can still be shown.
      book().opening(delivery.getDeliveryId(), shared.codec().bytes(kept));
    }
    var letter = DeadLetter.newBuilder(record).setDelivery(kept).build();
    var after = Chronicle.dead(before, letter, met(from, received, 0));
    boolean isNew = before.filter(it -> it.status().isFinal()).isEmpty();
    book().write(before, after);
    if (isNew) {
      book().add(LetterGroup.of(letter, print));
      book().count(after.names(), after.updatedAt(), Minute.ONE_DEAD);
    }
    shared.metrics().took(LogMetrics.Taken.DEAD_LETTER);
  }

  private Met met(RecordMetadata from, Record<byte[], byte[]> received, long bytes) {
    return new Met(from.offset(), received.timestamp(), shared.clock().millis(), bytes);
  }

  private RecordMetadata metadata() {
    if (context == null) {
      throw new IllegalStateException("not initialised");
    }
    return context
        .recordMetadata()
        .orElseThrow(() -> new IllegalStateException("every record has a source"));
  }

  private Book book() {
    if (book == null) {
      throw new IllegalStateException("not initialised");
    }
    return book;
  }
}
