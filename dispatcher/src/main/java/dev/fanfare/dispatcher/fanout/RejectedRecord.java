package dev.fanfare.dispatcher.fanout;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.streams.processor.api.Record;
import org.jspecify.annotations.Nullable;

/// What goes to the rejected topic: key, value and headers as they were received, and why and from
/// where in headers of ours.
///
/// A producer that compresses may write a record that is larger than we can write again; of such a
/// one only the beginning is kept, and a header says how long it was. The whole stays on the input
/// topic, at the place named, until that forgets it.
final class RejectedRecord {
  static final String REASON = "fanfare-reason";
  static final String DETAIL = "fanfare-detail";
  static final String SOURCE = "fanfare-source";
  static final String TRUNCATED = "fanfare-truncated-from-bytes";

  /// With room for our headers below the 1 MiB that a broker takes by default.
  static final int MOST_BYTES = 1_000_000;

  private static final int MOST_HEADER_BYTES = 65_536;
  private static final int LONGEST_DETAIL = 1_000;

  private RejectedRecord() {}

  /// @param source topic, partition and offset
  static Record<byte[], byte[]> of(
      Record<byte[], byte[]> received, Rejection rejection, String source, long nowMillis) {
    var headers = new RecordHeaders();
    int headerBytes = sizeOf(received.headers());
    if (headerBytes <= MOST_HEADER_BYTES) {
      received.headers().forEach(headers::add);
    }
    put(headers, REASON, rejection.reason());
    put(headers, DETAIL, shortened(rejection.detail()));
    put(headers, SOURCE, source);
    int room = MOST_BYTES - Math.min(headerBytes, MOST_HEADER_BYTES);
    var key = atMost(received.key(), room / 2);
    var value = atMost(received.value(), room - lengthOf(key));
    long whole = (long) lengthOf(received.key()) + lengthOf(received.value()) + headerBytes;
    boolean cut =
        headerBytes > MOST_HEADER_BYTES
            || lengthOf(key) < lengthOf(received.key())
            || lengthOf(value) < lengthOf(received.value());
    if (cut) {
      put(headers, TRUNCATED, Long.toString(whole));
    }
    return new Record<>(key, value, nowMillis, headers);
  }

  private static void put(Headers headers, String name, String value) {
    headers.remove(name);
    headers.add(name, value.getBytes(UTF_8));
  }

  private static int sizeOf(Headers headers) {
    int size = 0;
    for (var header : headers) {
      size += header.key().length() * 3 + lengthOf(header.value());
    }
    return size;
  }

  @SuppressWarnings("NullAway") // a record's key and value may be null, which the API does not say
  private static byte[] atMost(byte[] bytes, int room) {
    return lengthOf(bytes) <= room ? bytes : Arrays.copyOf(bytes, room);
  }

  private static int lengthOf(byte @Nullable [] bytes) {
    return bytes == null ? 0 : bytes.length;
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL);
  }
}
