package dev.fanfare.retry.replay.runner;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.retry.replay.Redelivery;
import dev.fanfare.retry.replay.ReplayFilter;
import dev.fanfare.retry.replay.ReplaySource;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.DecodeFailure;
import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads the records of one source and says which deliveries they stand for that a filter selects.
/// For one thread.
final class Picker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Picker.class);

  /// Times inside a record and the record's own differ by little where we write both; the platform
  /// may publish late.
  private static final Duration OURS_DIFFER = Duration.ofMinutes(5);

  private static final Duration THEIRS_DIFFER = Duration.ofHours(1);

  private final ReplaySource source;
  private final ReplayFilter filter;
  private final String topic;
  private final Surroundings surroundings;
  private final Deserializer<? extends SpecificRecord> decoder;

  Picker(
      ReplaySource source,
      ReplayFilter filter,
      Topics topics,
      AvroSerdes serdes,
      Surroundings surroundings) {
    this.source = source;
    this.filter = filter;
    this.surroundings = surroundings;
    this.topic =
        switch (source) {
          case DEAD_LETTERS -> topics.deadLetters().name();
          case DELIVERIES -> topics.deliveries().name();
          case EVENTS -> topics.events().name();
        };
    this.decoder =
        switch (source) {
          case DEAD_LETTERS -> serdes.deserializer(DeadLetter.class);
          case DELIVERIES -> serdes.deserializer(Delivery.class);
          case EVENTS -> serdes.deserializer(EmailEvent.class);
        };
  }

  String topic() {
    return topic;
  }

  /// How much a record's own time may differ from the one that the filter means.
  Duration timesDiffer() {
    return source == ReplaySource.EVENTS ? THEIRS_DIFFER : OURS_DIFFER;
  }

  /// One for one.
  ///
  /// @throws Surroundings.Unavailable if something can't be asked at the moment
  List<Optional<Delivery>> pick(List<ConsumerRecord<byte[], byte[]>> records) {
    var picked = new ArrayList<Optional<Delivery>>(records.size());
    for (var record : records) {
      picked.add(isOthers(record) ? Optional.empty() : decoded(record).flatMap(this::select));
    }
    filter.status().ifPresent(status -> keep(status, picked));
    return picked;
  }

  /// By its key, which is the subscription's id, alone or with a lane's number after `#`.
  private boolean isOthers(ConsumerRecord<byte[], byte[]> record) {
    if (source == ReplaySource.EVENTS || filter.subscription().isEmpty() || record.key() == null) {
      return false;
    }
    var key = new String(record.key(), UTF_8);
    var wanted = filter.subscription().get();
    return !key.equals(wanted) && !key.startsWith(wanted + "#");
  }

  private Optional<? extends SpecificRecord> decoded(ConsumerRecord<byte[], byte[]> record) {
    if (record.value() == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(decoder.deserialize(topic, record.headers(), record.value()));
    } catch (RuntimeException e) {
      return switch (DecodeFailure.of(e)) {
        case DecodeFailure.Unreachable(String detail) ->
            throw new Surroundings.Unavailable("a record can't be read yet: " + detail);
        case DecodeFailure.Unusable(_, String detail) -> {
          LOG.warn(
              "{}/{}/{} is unreadable and can't be replayed: {}",
              topic,
              record.partition(),
              record.offset(),
              detail);
          yield Optional.empty();
        }
      };
    }
  }

  private Optional<Delivery> select(SpecificRecord record) {
    return switch (record) {
      case DeadLetter letter when filter.matches(letter) -> Optional.of(letter.getDelivery());
      case Delivery delivery when isWanted(delivery) -> Optional.of(delivery);
      case EmailEvent event when filter.matches(event) ->
          surroundings.backfill().delivery(event, filter.subscription().orElseThrow());
      default -> Optional.empty();
    };
  }

  /// Once for each delivery, and not what an earlier replay made of it, unless it is asked for by
  /// its id.
  private boolean isWanted(Delivery delivery) {
    return Redelivery.isBeginning(delivery)
        && (delivery.getOriginDeliveryId() == null || !filter.ids().isEmpty())
        && filter.matches(delivery);
  }

  private void keep(String status, List<Optional<Delivery>> picked) {
    var candidates = picked.stream().flatMap(Optional::stream).toList();
    if (candidates.isEmpty()) {
      return;
    }
    var statuses = surroundings.statuses().of(candidates);
    picked.replaceAll(
        one -> one.filter(it -> Objects.equals(statuses.get(it.getDeliveryId()), status)));
  }

  @Override
  public void close() {
    decoder.close();
  }
}
