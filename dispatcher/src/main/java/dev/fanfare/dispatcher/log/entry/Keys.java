package dev.fanfare.dispatcher.log.entry;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.util.Arrays;

/// Under which keys things stand in the log's stores. The first byte says what it is; times are
/// written so that the newest comes first in the order of bytes.
///
/// ```
/// store "state", small and often rewritten        store "log", written once
///   D id                    the delivery's state     P id                 the delivery as it was opened
///   O ~time id              it is open               H id attempt         one attempt, as it was settled
///   G sub|reason|print      group of dead letters    i value 0 ~time id   an index, see [Index]
///   Y minute scope          a minute's statistics    L … 0 ~time id       a dead letter
///   Z hour scope            an hour's, see [Hour]
///   C                       the sums
///   F subscription          how often it has failed in a row
///   I subscription          its breaker is not closed
/// ```
public final class Keys {
  public static final byte STATE = 'D';
  public static final byte OPEN = 'O';
  public static final byte GROUP = 'G';
  public static final byte MINUTE = 'Y';
  public static final byte HOUR = 'Z';
  public static final byte SUMS = 'C';
  public static final byte STREAK = 'F';
  public static final byte INTERRUPTION = 'I';
  public static final byte OPENING = 'P';
  public static final byte ATTEMPT = 'H';

  private static final byte END = 0;
  private static final byte[] SUMS_KEY = {SUMS};

  private Keys() {}

  /// What deliveries are found by, newest first.
  public enum Index {
    ALL('T'),
    TENANT('N'),
    SUBSCRIPTION('U'),
    RECIPIENT('R'),
    EVENT('E'),
    MESSAGE('M'),
    /// Those that ended without success: by status, by status and subscription, by status and
    /// tenant.
    FAILED('S'),
    /// Dead letters, by the time of death: all, by subscription, by tenant.
    LETTER('L');

    private final byte code;

    Index(char code) {
      this.code = (byte) code;
    }
  }

  public static byte[] state(String deliveryId) {
    return join(STATE, deliveryId);
  }

  public static byte[] opening(String deliveryId) {
    return join(OPENING, deliveryId);
  }

  public static byte[] attempt(String deliveryId, int attempt) {
    var id = deliveryId.getBytes(UTF_8);
    return ByteBuffer.allocate(id.length + 6).put(ATTEMPT).put(id).put(END).putInt(attempt).array();
  }

  public static byte[] open(Position position) {
    return timed(new byte[] {OPEN}, position);
  }

  public static byte[] index(Index index, String value, Position position) {
    return timed(head(index, value), position);
  }

  public static byte[] group(String subscription, String reason, String fingerprint) {
    return join(GROUP, subscription + "|" + reason + "|" + fingerprint);
  }

  /// By minute first, so that the oldest are found; a scope's minutes are asked for one by one.
  ///
  /// @param scope `s` and a subscription's id, `t` and a tenant's, or empty for all
  /// @param minute since the epoch
  public static byte[] minute(String scope, long minute) {
    return numbered(MINUTE, minute, scope);
  }

  /// As the minutes.
  ///
  /// @param hour since the epoch
  public static byte[] hour(String scope, long hour) {
    return numbered(HOUR, hour, scope);
  }

  private static byte[] numbered(byte kind, long number, String scope) {
    var text = scope.getBytes(UTF_8);
    return ByteBuffer.allocate(text.length + 1 + Long.BYTES)
        .put(kind)
        .putLong(number)
        .put(text)
        .array();
  }

  /// Every scope's minutes before one.
  public static Range minutesBefore(long minute) {
    return new Range(new byte[] {MINUTE}, minute("", minute));
  }

  /// Every scope's hours before one.
  public static Range hoursBefore(long hour) {
    return new Range(new byte[] {HOUR}, hour("", hour));
  }

  /// Every scope's minutes from one to before another.
  public static Range minutes(long from, long to) {
    return new Range(minute("", from), minute("", to));
  }

  /// The scope of a minute's key.
  public static String scope(byte[] minuteKey) {
    int head = 1 + Long.BYTES;
    return new String(minuteKey, head, minuteKey.length - head, UTF_8);
  }

  public static byte[] streak(String subscription) {
    return join(STREAK, subscription);
  }

  public static byte[] interruption(String subscription) {
    return join(INTERRUPTION, subscription);
  }

  /// What the key of a streak or of an interruption stands for.
  public static String subscription(byte[] key) {
    return new String(key, 1, key.length - 1, UTF_8);
  }

  public static byte[] sums() {
    return SUMS_KEY.clone();
  }

  /// Keys from one to before another.
  public static final class Range {
    private final byte[] from;
    private final byte[] to;

    public Range(byte[] from, byte[] to) {
      this.from = from;
      this.to = to;
    }

    /// Not a copy.
    public byte[] from() {
      return from;
    }

    /// Exclusive; not a copy.
    public byte[] to() {
      return to;
    }
  }

  public static Range all(byte kind) {
    return new Range(new byte[] {kind}, new byte[] {(byte) (kind + 1)});
  }

  public static Range attempts(String deliveryId) {
    var id = deliveryId.getBytes(UTF_8);
    var head = ByteBuffer.allocate(id.length + 2).put(ATTEMPT).put(id).put(END).array();
    return new Range(head, after(head));
  }

  /// The open deliveries below a position and not older than a time.
  public static Range open(Position below, long since) {
    return timed(new byte[] {OPEN}, below, since);
  }

  /// An index's entries below a position and not older than a time.
  public static Range index(Index index, String value, Position below, long since) {
    return timed(head(index, value), below, since);
  }

  /// The whole of an index for one value.
  public static Range index(Index index, String value) {
    var head = head(index, value);
    return new Range(head, after(head));
  }

  private static Range timed(byte[] head, Position below, long since) {
    var from = timed(head, below);
    // ~since and all names at that time belong to it: the first key after them is ~since + 1.
    var to =
        since <= 0
            ? after(head)
            : ByteBuffer.allocate(head.length + Long.BYTES)
                .put(head)
                .putLong(Long.MAX_VALUE - since + 1)
                .array();
    return Arrays.compareUnsigned(from, to) < 0 ? new Range(from, to) : new Range(to, to);
  }

  private static byte[] head(Index index, String value) {
    return terminated(index.code, value);
  }

  /// What an entry of an index or of the open ones points to.
  ///
  /// @param head how many bytes stand before the time
  public static Position position(byte[] key, int head) {
    long inverse = ByteBuffer.wrap(key, head, Long.BYTES).getLong();
    int from = head + Long.BYTES;
    return new Position(Long.MAX_VALUE - inverse, new String(key, from, key.length - from, UTF_8));
  }

  /// How many bytes stand before the time in an index's key.
  public static int headOf(String value) {
    return value.getBytes(UTF_8).length + 2;
  }

  /// The same for the open ones.
  public static final int OPEN_HEAD = 1;

  private static byte[] timed(byte[] head, Position position) {
    var id = position.id().getBytes(UTF_8);
    return ByteBuffer.allocate(head.length + Long.BYTES + id.length)
        .put(head)
        .putLong(Long.MAX_VALUE - position.at())
        .put(id)
        .array();
  }

  /// A value cannot hold the byte that ends it: ids do not, and in what a platform sends it is
  /// replaced.
  private static byte[] terminated(byte kind, String value) {
    var text = value.getBytes(UTF_8);
    for (int i = 0; i < text.length; i++) {
      if (text[i] == END) {
        text[i] = ' ';
      }
    }
    return ByteBuffer.allocate(text.length + 2).put(kind).put(text).put(END).array();
  }

  private static byte[] join(byte kind, String text) {
    var bytes = text.getBytes(UTF_8);
    return ByteBuffer.allocate(bytes.length + 1).put(kind).put(bytes).array();
  }

  private static byte[] after(byte[] head) {
    var next = head.clone();
    next[next.length - 1]++;
    return next;
  }
}
