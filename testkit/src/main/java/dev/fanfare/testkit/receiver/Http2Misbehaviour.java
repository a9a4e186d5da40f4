package dev.fanfare.testkit.receiver;

/// What a stranger's server may do over HTTP/2 (RFC 9113), once it has read a request whole.
public enum Http2Misbehaviour {
  /// Answers 200, as it should.
  NONE,
  /// Goes on reading and says nothing more.
  HANG,
  /// Resets the stream with `REFUSED_STREAM`, on which clients like to send again.
  REFUSE_STREAM,
  /// Resets the stream with `INTERNAL_ERROR`.
  FAIL_STREAM,
  /// Says `GOAWAY`, that it has looked at no stream, and closes; clients like to send again.
  GO_AWAY_UNSEEN,
  /// Answers 200 and says `GOAWAY`.
  GO_AWAY_AFTER_ANSWER,
  /// Resets the TCP connection.
  RESET_CONNECTION,
  /// Sends the body without end, and never a head: the client has to keep it for later.
  BODY_BEFORE_HEAD,
  /// Answers 200 and a body without end.
  ENDLESS_BODY,
  /// Answers 200 and a body a byte at a time, for ever.
  DRIP_BODY,
  /// Sends a head that never ends (`CONTINUATION`).
  ENDLESS_HEAD,
  /// Sends a head of few bytes that stand for a field of 4 KiB, thousands of times over.
  HEAD_BOMB,
  /// Says `103 Early Hints` for ever.
  ENDLESS_HINTS,
  /// Asks for a sign of life for ever, and reads none.
  PING_FLOOD,
  /// Changes its settings for ever.
  SETTINGS_FLOOD,
  /// Sends bytes that are no frames.
  GARBAGE,
  /// Lets the client send the first 64 KiB of a body and no more; answers 200 to what is smaller.
  NO_WINDOW
}
