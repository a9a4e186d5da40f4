package dev.fanfare.dispatcher.subscription.feed;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.subscription.reading.SubscriptionProblem;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.id.SubscriptionId;
import dev.fanfare.schemas.serde.DecodeFailure;
import java.time.Instant;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Takes the records of both topics into the book, one by one. Used by one thread.
final class FeedDecoder {
  private static final Logger LOG = LoggerFactory.getLogger(FeedDecoder.class);

  /// A registry of several nodes may not know for a moment what was registered just now.
  private static final int TRIES_FOR_UNKNOWN_SCHEMA = 5;

  /// What became of a record.
  sealed interface Taken {
    record Applied() implements Taken {}

    /// Nothing is known about it yet; it must be offered again.
    record Later(String why) implements Taken {}
  }

  private static final Taken APPLIED = new Taken.Applied();

  private final SubscriptionBook book;
  private final Deserializer<Subscription> deserializer;
  private final String endpointsTopic;
  private final Deserializer<EndpointState> endpoints;
  private final SharedTexts texts = new SharedTexts();
  private int tries;

  FeedDecoder(
      SubscriptionBook book,
      Deserializer<Subscription> deserializer,
      String endpointsTopic,
      Deserializer<EndpointState> endpoints) {
    this.book = book;
    this.deserializer = deserializer;
    this.endpointsTopic = endpointsTopic;
    this.endpoints = endpoints;
  }

  Taken take(ConsumerRecord<byte[], byte[]> received, Instant now) {
    var key = received.key() == null ? "" : new String(received.key(), UTF_8);
    if (!SubscriptionId.isValid(key)) {
      LOG.error("no subscription has the key of the record at {}; ignored", place(received));
      return APPLIED;
    }
    var id = new SubscriptionId(key);
    if (received.topic().equals(endpointsTopic)) {
      return takeEndpoint(id, received, now);
    }
    if (received.value() == null) {
      book.delete(id);
      return APPLIED;
    }
    Subscription stored;
    try {
      stored = deserializer.deserialize(received.topic(), received.value());
    } catch (RuntimeException e) {
      return failed(id, received, DecodeFailure.of(e));
    }
    tries = 0;
    texts.share(id, stored);
    var problems = book.put(id, stored, now);
    if (!problems.isEmpty()) {
      LOG.error(
          "subscription {} at {} cannot be used; it is held as paused: {}",
          id,
          place(received),
          problems.stream().map(FeedDecoder::shown).collect(Collectors.joining(", ")));
    }
    return APPLIED;
  }

  private Taken takeEndpoint(
      SubscriptionId id, ConsumerRecord<byte[], byte[]> received, Instant now) {
    if (received.value() == null) {
      book.endpointWell(id, now);
      return APPLIED;
    }
    EndpointState state;
    try {
      state = endpoints.deserialize(received.topic(), received.value());
    } catch (RuntimeException e) {
      return endpointFailed(received, DecodeFailure.of(e));
    }
    tries = 0;
    book.endpoint(id, state, now);
    return APPLIED;
  }

  /// What can't be read is as good as not known: at worst an endpoint is called that was given up,
  /// and gives itself up again.
  private Taken endpointFailed(ConsumerRecord<byte[], byte[]> received, DecodeFailure failure) {
    return switch (failure) {
      case DecodeFailure.Unreachable(String detail) -> new Taken.Later(detail);
      case DecodeFailure.Unusable(var reason, String detail)
          when reason == DecodeFailure.Reason.UNKNOWN_SCHEMA && mayTryAgain() ->
          new Taken.Later(detail);
      case DecodeFailure.Unusable(_, String detail) -> {
        tries = 0;
        LOG.error("the state at {} cannot be read; ignored: {}", place(received), detail);
        yield APPLIED;
      }
    };
  }

  private Taken failed(
      SubscriptionId id, ConsumerRecord<byte[], byte[]> received, DecodeFailure failure) {
    return switch (failure) {
      case DecodeFailure.Unreachable(String detail) -> new Taken.Later(detail);
      case DecodeFailure.Unusable(var reason, String detail)
          when reason == DecodeFailure.Reason.UNKNOWN_SCHEMA && mayTryAgain() ->
          new Taken.Later(detail);
      case DecodeFailure.Unusable(_, String detail) -> {
        tries = 0;
        book.putUnread(id);
        LOG.error(
            "subscription {} at {} cannot be read; it is held as paused: {}",
            id,
            place(received),
            detail);
        yield APPLIED;
      }
    };
  }

  private boolean mayTryAgain() {
    tries++;
    return tries < TRIES_FOR_UNKNOWN_SCHEMA;
  }

  private static String shown(SubscriptionProblem problem) {
    return problem.pointer() + " " + problem.detail();
  }

  private static String place(ConsumerRecord<byte[], byte[]> received) {
    return received.topic() + "/" + received.partition() + "/" + received.offset();
  }

  void close() {
    deserializer.close();
    endpoints.close();
  }
}
