package dev.fanfare.schemas.topic;

import dev.fanfare.schemas.avro.Alert;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.Replay;
import dev.fanfare.schemas.avro.Subscription;
import java.time.Duration;
import java.util.Optional;
import org.apache.avro.specific.SpecificRecord;

/// Every topic, once. All but the input take the prefix; the input's name is the platform's own.
///
/// @param prefix put before every name, with its separator, e.g. `fanfare.`
/// @param input name of the topic that email events arrive on
public record Topics(String prefix, String input) {
  public static final String DEFAULT_PREFIX = "fanfare.";
  public static final String DEFAULT_INPUT = "email.events";

  /// A waiting delivery must outlast an outage of this length on top of its rung's delay.
  public static final Duration OUTAGE_GUARD = Duration.ofDays(2);

  public static Topics defaults() {
    return new Topics(DEFAULT_PREFIX, DEFAULT_INPUT);
  }

  public Topic<EmailEvent> events() {
    return Topic.kept(input, EmailEvent.class, Duration.ofDays(1));
  }

  public Topic<Subscription> subscriptions() {
    return Topic.compacted(prefix + "subscriptions", Subscription.class);
  }

  /// Holds both `Tenant` and `ApiKey` records; subjects are named by topic and record.
  public Topic<SpecificRecord> tenants() {
    return Topic.compacted(prefix + "tenants", SpecificRecord.class);
  }

  public Topic<Delivery> deliveries() {
    return Topic.kept(prefix + "deliveries", Delivery.class, Duration.ofDays(3));
  }

  /// The rung of one delay.
  ///
  /// @param label the delay as it stands in the name, e.g. `5s`
  public Topic<Delivery> retry(String label, Duration delay) {
    return Topic.stamped(prefix + "retry." + label, Delivery.class, delay.plus(OUTAGE_GUARD));
  }

  public Topic<Attempt> attempts() {
    return Topic.kept(prefix + "attempts", Attempt.class, Duration.ofDays(7));
  }

  public Topic<DeadLetter> deadLetters() {
    return Topic.kept(prefix + "dead-letters", DeadLetter.class, Duration.ofDays(30));
  }

  /// Events that could not be read or taken, as received; the reason is in the headers.
  public Topic<byte[]> rejected() {
    return Topic.kept(prefix + "rejected", byte[].class, Duration.ofDays(30));
  }

  public Topic<Replay> replays() {
    return Topic.compacted(prefix + "replays", Replay.class);
  }

  public Topic<Alert> alerts() {
    return new Topic<>(
        prefix + "alerts",
        Alert.class,
        Cleanup.COMPACT_DELETE,
        Optional.of(Duration.ofDays(30)),
        false);
  }
}
