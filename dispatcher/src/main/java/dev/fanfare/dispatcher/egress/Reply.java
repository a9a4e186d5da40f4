package dev.fanfare.dispatcher.egress;

import java.nio.ByteBuffer;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// What came back from one POST, or why nothing did.
///
/// | case         | meaning                                                        |
/// |--------------|----------------------------------------------------------------|
/// | `Answered`   | any HTTP status, whatever it says                              |
/// | `Unanswered` | the POST may or may not have arrived: refused, reset, too slow |
/// | `Blocked`    | we declined to connect                                         |
public sealed interface Reply {
  /// What went out and how long each step took.
  Sent sent();

  default Timings timings() {
    return sent().timings();
  }

  /// @param headers header fields of the answer, names in lower case, bounded in number and size
  /// @param body the first bytes of the answer's body, at most 4 KiB
  record Answered(int status, Map<String, String> headers, ByteBuffer body, Sent sent)
      implements Reply {
    public Optional<String> header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT)));
    }
  }

  /// @param message for people; names no secret
  record Unanswered(Fault fault, String message, Sent sent) implements Reply {}

  /// @param address the address or URL refused
  record Blocked(String address, Sent sent) implements Reply {}

  /// How a POST went without an answer. The code is what stands in records and metrics.
  enum Fault {
    DNS("dns"),
    CONNECT("connect"),
    TLS("tls"),
    TIMEOUT("timeout"),
    RESET("reset"),
    PROTOCOL("protocol"),
    /// The endpoint was not called, because its token server gave no access token.
    OAUTH("oauth"),
    /// The endpoint was not called, because our own proxy did not let us.
    PROXY("proxy"),
    /// We ended it ourselves: shutdown, or the partition went to another worker.
    CANCELLED("cancelled");

    private final String code;

    Fault(String code) {
      this.code = code;
    }

    public String code() {
      return code;
    }
  }

  /// What was sent and how long it took.
  ///
  /// @param headers header fields that were written to the connection, names in lower case: ours
  ///   and those of the format and the connection, never the subscription's own, which may be
  ///   credentials; empty if no connection was had
  record Sent(Map<String, String> headers, Timings timings) {
    /// No call was made.
    public static final Sent NOTHING = new Sent(Map.of(), Timings.NONE);
  }

  /// Durations in microseconds; -1 for a step that did not happen, e.g. DNS on a reused connection.
  ///
  /// @param firstByte from the start to the first byte of the answer
  /// @param total from the start to the end
  record Timings(long dns, long connect, long tls, long firstByte, long total) {
    public static final Timings NONE = new Timings(-1, -1, -1, -1, 0);
  }
}
