package dev.fanfare.dispatcher.log.entry;

import dev.fanfare.schemas.avro.DeadLetter;
import java.util.Optional;

/// Dead letters that most likely died of the same fault: one subscription, one reason, answers that
/// look alike.
///
/// @param lastStatus HTTP status; 0 when no answer came
/// @param count of all that the log has seen, those that it has forgotten since included
public record LetterGroup(
    String subscriptionId,
    String tenant,
    String reason,
    String fingerprint,
    int lastStatus,
    Optional<String> lastError,
    long count,
    long firstAt,
    long lastAt,
    String sampleDeliveryId) {
  private static final int VERSION = 1;

  public static LetterGroup of(DeadLetter letter, String fingerprint) {
    long at = letter.getDiedAt().toEpochMilli();
    return new LetterGroup(
        letter.getDelivery().getSubscriptionId(),
        letter.getDelivery().getTenant(),
        letter.getReason(),
        fingerprint,
        letter.getStatus() == null ? 0 : letter.getStatus(),
        Optional.ofNullable(letter.getError()),
        1,
        at,
        at,
        letter.getDelivery().getDeliveryId());
  }

  public byte[] key() {
    return Keys.group(subscriptionId, reason, fingerprint);
  }

  /// Both together; the sample is that of the later.
  public LetterGroup plus(LetterGroup other) {
    var later = other.lastAt >= lastAt ? other : this;
    return new LetterGroup(
        subscriptionId,
        tenant,
        reason,
        fingerprint,
        later.lastStatus,
        later.lastError,
        count + other.count,
        Math.min(firstAt, other.firstAt),
        later.lastAt,
        later.sampleDeliveryId);
  }

  public byte[] toBytes() {
    return new WireWriter()
        .one(VERSION)
        .text(subscriptionId)
        .text(tenant)
        .text(reason)
        .text(fingerprint)
        .number(lastStatus)
        .maybe(lastError.orElse(null))
        .number(count)
        .number(firstAt)
        .number(lastAt)
        .text(sampleDeliveryId)
        .toBytes();
  }

  /// @throws IllegalArgumentException if the bytes are none that we write
  public static LetterGroup read(byte[] bytes) {
    var in = new WireReader(bytes);
    if (in.one() != VERSION) {
      throw new IllegalArgumentException("written by another version");
    }
    return new LetterGroup(
        in.text(),
        in.text(),
        in.text(),
        in.text(),
        (int) in.number(),
        in.maybe(),
        in.number(),
        in.number(),
        in.number(),
        in.text());
  }
}
