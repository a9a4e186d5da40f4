package dev.fanfare.schemas.topic;

import dev.fanfare.schemas.avro.Alert;
import dev.fanfare.schemas.avro.AlertRules;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.avro.Replay;
import dev.fanfare.schemas.avro.Subscription;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.avro.specific.SpecificRecord;

/// Every topic, once. All but the input take the prefix; the input's name is the platform's own.
///
/// @param prefix put before every name, with its separator, e.g. `fanfare.`
/// @param input name of the topic that email events arrive on
public record Topics(String prefix, String input) {
  public static final String DEFAULT_PREFIX = "fanfare.";
  public static final String DEFAULT_INPUT = "email.events";

  private static final String SUBSCRIPTIONS = "subscriptions";
  private static final String ENDPOINTS = "endpoints";
  private static final String TENANTS = "tenants";
  private static final String DELIVERIES = "deliveries";
  private static final String ATTEMPTS = "attempts";
  private static final String DEAD_LETTERS = "dead-letters";
  private static final String REJECTED = "rejected";
  private static final String REPLAYS = "replays";
  private static final String ALERTS = "alerts";
  private static final String ALERT_RULES = "alert-rules";
  private static final String RETRY = "retry.";
  private static final Set<String> OURS =
      Set.of(
          SUBSCRIPTIONS,
          ENDPOINTS,
          TENANTS,
          DELIVERIES,
          ATTEMPTS,
          DEAD_LETTERS,
          REJECTED,
          REPLAYS,
          ALERTS,
          ALERT_RULES);

  /// A waiting delivery must outlast an outage of this length on top of its rung's delay.
  public static final Duration OUTAGE_GUARD = Duration.ofDays(2);

  /// Kafka's own bound and alphabet for a name (`Topic.validate` in its clients).
  private static final Pattern LEGAL = Pattern.compile("[a-zA-Z0-9._-]{1,249}");

  /// Room for what comes after the prefix; the longest is a rung's name.
  private static final int LONGEST_PREFIX = 200;

  /// @throws IllegalArgumentException if Kafka would refuse a name, or the input is one of ours
  public Topics {
    if (!LEGAL.matcher(prefix + "x").matches() || prefix.length() > LONGEST_PREFIX) {
      throw new IllegalArgumentException(
          "a topic prefix has at most 200 characters of a-z A-Z 0-9 . _ - and not '"
              + prefix
              + "'");
    }
    if (!LEGAL.matcher(input).matches() || input.equals(".") || input.equals("..")) {
      throw new IllegalArgumentException(
          "a topic name has 1 to 249 characters of a-z A-Z 0-9 . _ - and not '" + input + "'");
    }
    if (input.startsWith(prefix) && isOurs(input.substring(prefix.length()))) {
      throw new IllegalArgumentException("events cannot arrive on Fanfare's own topic " + input);
    }
  }

  private static boolean isOurs(String name) {
    return OURS.contains(name) || name.startsWith(RETRY);
  }

  public static Topics defaults() {
    return new Topics(DEFAULT_PREFIX, DEFAULT_INPUT);
  }

  public Topic<EmailEvent> events() {
    return Topic.kept(input, EmailEvent.class, Duration.ofDays(1));
  }

  public Topic<Subscription> subscriptions() {
    return Topic.compacted(prefix + SUBSCRIPTIONS, Subscription.class);
  }

  /// What the workers know of endpoints; written by the worker that settles their deliveries.
  public Topic<EndpointState> endpoints() {
    return Topic.compacted(prefix + ENDPOINTS, EndpointState.class);
  }

  /// Holds both `Tenant` and `ApiKey` records; subjects are named by topic and record.
  public Topic<SpecificRecord> tenants() {
    return Topic.compacted(prefix + TENANTS, SpecificRecord.class);
  }

  public Topic<Delivery> deliveries() {
    return Topic.kept(prefix + DELIVERIES, Delivery.class, Duration.ofDays(3));
  }

  /// The rung of one delay.
  ///
  /// @param label the delay as it stands in the name, e.g. `5s`
  public Topic<Delivery> retry(String label, Duration delay) {
    return Topic.stamped(prefix + RETRY + label, Delivery.class, delay.plus(OUTAGE_GUARD));
  }

  public Topic<Attempt> attempts() {
    return Topic.kept(prefix + ATTEMPTS, Attempt.class, Duration.ofDays(7));
  }

  public Topic<DeadLetter> deadLetters() {
    return Topic.kept(prefix + DEAD_LETTERS, DeadLetter.class, Duration.ofDays(30));
  }

  /// Events that could not be read or taken, as received; the reason is in the headers.
  public Topic<byte[]> rejected() {
    return Topic.kept(prefix + REJECTED, byte[].class, Duration.ofDays(30));
  }

  public Topic<Replay> replays() {
    return Topic.compacted(prefix + REPLAYS, Replay.class);
  }

  /// All rules of an owner in one record, so that they change at one stroke.
  public Topic<AlertRules> alertRules() {
    return Topic.compacted(prefix + ALERT_RULES, AlertRules.class);
  }

  /// By the alert's own id: each transition stays, until the topic forgets it.
  public Topic<Alert> alerts() {
    return new Topic<>(
        prefix + ALERTS,
        Alert.class,
        Cleanup.COMPACT_DELETE,
        Optional.of(Duration.ofDays(30)),
        false);
  }

  /// Every topic of ours with a fixed name: all but the input and the rungs.
  public List<Topic<?>> fixed() {
    return List.of(
        subscriptions(),
        endpoints(),
        tenants(),
        deliveries(),
        attempts(),
        deadLetters(),
        rejected(),
        replays(),
        alerts(),
        alertRules());
  }
}
