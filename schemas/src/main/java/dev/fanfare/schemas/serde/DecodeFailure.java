package dev.fanfare.schemas.serde;

/// What an exception out of a deserializer means for the record: is it the record's fault, or the
/// registry's?
///
/// What the client (7.9.2) throws:
///
/// | cause | thrown |
/// |---|---|
/// | fewer than 5 bytes | `BufferUnderflowException`; [AvroSerdes] wraps it |
/// | first byte not 0 | `SerializationException`, no cause |
/// | registry answers 404 / 40403 | `SerializationException` ← `RestClientException` |
/// | 401, 403, 429, 5xx | other `KafkaException`s (authentication, timeout, …) |
/// | no answer | `SerializationException` ← `IOException`, or Kafka's `TimeoutException` |
/// | schema that cannot be parsed | `SerializationException` ← plain `IOException` |
/// | schema of another kind (Protobuf, …) | `IllegalStateException`; [AvroSerdes] wraps it |
/// | schemas that do not fit | `SerializationException` ← `AvroTypeException` |
/// | record cut short or garbled | `SerializationException` ← any other |
public sealed interface DecodeFailure {
  /// One line for people; without content of the record.
  String detail();

  /// The registry could not be asked, or would not answer us: nothing is known about the record. It
  /// must be tried again and never rejected.
  record Unreachable(String detail) implements DecodeFailure {}

  /// The registry has spoken, or need not be asked: this record will never be readable.
  ///
  /// A registry of several nodes may for a moment not know a schema that was registered just now;
  /// with [Reason#UNKNOWN_SCHEMA] it is wise to ask again before giving up.
  record Unusable(Reason reason, String detail) implements DecodeFailure {}

  /// Why a record is unreadable.
  enum Reason {
    NOT_AVRO("not_avro"),
    UNKNOWN_SCHEMA("unknown_schema"),
    UNUSABLE_SCHEMA("unusable_schema"),
    INCOMPATIBLE_SCHEMA("incompatible_schema"),
    CORRUPT("corrupt");

    private final String code;

    Reason(String code) {
      this.code = code;
    }

    /// Stable name for headers, metrics and alerts.
    public String code() {
      return code;
    }
  }

  /// Reads what a deserializer of [AvroSerdes] threw.
  static DecodeFailure of(RuntimeException thrown) {
    return Classification.of(thrown);
  }
}
