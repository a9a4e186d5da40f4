package dev.fanfare.schemas.id;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The id of one event's delivery to one subscription, derived from both: a repeated event cannot
/// make a second delivery with another name.
public record DeliveryId(String value) {
  private static final int BYTES = 16;

  /// `dlv_` and the first 128 bits, in hexadecimal, of SHA-256 over `event_id.subscription_id`;
  /// neither id can hold a dot, so no two pairs share a text.
  public static DeliveryId of(EventId event, SubscriptionId subscription) {
    return of(event.value(), subscription.value());
  }

  /// The same, for ids that are known to be well formed.
  public static DeliveryId of(String eventId, String subscriptionId) {
    return digest(eventId + "." + subscriptionId);
  }

  /// The id of what a replay makes of a delivery: the same job makes one of each. Its text has two
  /// dots, so it is nobody else's.
  public static DeliveryId replayed(String replayId, String deliveryId) {
    return digest("replay." + replayId + "." + deliveryId);
  }

  private static DeliveryId digest(String text) {
    byte[] digest = sha256().digest(text.getBytes(UTF_8));
    return new DeliveryId("dlv_" + HexFormat.of().formatHex(digest, 0, BYTES));
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
