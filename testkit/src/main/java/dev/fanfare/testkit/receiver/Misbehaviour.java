package dev.fanfare.testkit.receiver;

/// What a stranger's server may do to whoever POSTs to it.
public enum Misbehaviour {
  /// Accepts the connection and never reads or says anything.
  HANG_ON_ACCEPT,
  /// Reads the request and never answers.
  HANG_AFTER_REQUEST,
  /// Resets the connection as soon as it is made.
  RESET_ON_ACCEPT,
  /// Reads the request and resets the connection.
  RESET_BEFORE_ANSWER,
  /// Reads the request and closes the connection politely.
  CLOSE_BEFORE_ANSWER,
  /// Answers 200, sends half of the body and resets the connection.
  RESET_MID_BODY,
  /// Answers 200, sends half of the body and closes the connection politely.
  CLOSE_MID_BODY,
  /// Closes the connection in the middle of the status line and header fields.
  CLOSE_MID_HEAD,
  /// Answers 200 and sends its body a byte at a time, for ever.
  DRIP_BODY,
  /// Sends header fields a byte at a time, for ever.
  DRIP_HEAD,
  /// Answers 200 and a body without end, as fast as it can.
  ENDLESS_BODY,
  /// The same in chunks.
  ENDLESS_CHUNKS,
  /// Answers 200 and a single chunk whose extension never ends.
  ENDLESS_CHUNK_EXTENSION,
  /// Sends header fields without end.
  ENDLESS_HEADERS,
  /// Sends one header field without end.
  ENDLESS_HEADER,
  /// Answers 200 with a few hundred header fields, some of them long, and an empty body.
  MANY_HEADERS,
  /// Answers with bytes that are no HTTP at all.
  GARBAGE,
  /// Answers with a status that is no number.
  GARBAGE_STATUS,
  /// Answers 200 and a chunk whose size is no number.
  GARBAGE_CHUNK,
  /// Answers 200 and a body whose `Content-Length` is below 0.
  NEGATIVE_LENGTH,
  /// Answers 200 and a body whose `Content-Length` is no number.
  GARBAGE_LENGTH,
  /// Answers 200 and a body that would inflate to a thousand times its size.
  GZIP_BOMB,
  /// Says `100 Continue`, unasked, and then answers 200.
  CONTINUE_THEN_OK,
  /// Says `100 Continue` for ever.
  ENDLESS_CONTINUE,
  /// Says `101 Switching Protocols`, unasked, and then hangs.
  SWITCHING_PROTOCOLS,
  /// Answers the first POST of a connection; reads the second and closes without an answer.
  DIES_ON_REUSE,
  /// Redirects to where a cloud tells its machines their secrets.
  REDIRECT_TO_METADATA,
  /// Answers 401 and asks for credentials.
  ASKS_FOR_CREDENTIALS,
  /// Answers 407 as if it were a proxy.
  ASKS_FOR_PROXY_CREDENTIALS,
  /// Answers 408, on which clients like to send again.
  REQUEST_TIMEOUT,
  /// Answers 503 with `Retry-After: 0`, on which clients like to send again.
  RETRY_AT_ONCE,
  /// Answers 204 with a body.
  NO_CONTENT_WITH_BODY,
  /// Sets a cookie.
  SETS_COOKIE,
  /// Is asked for TLS and answers in plain HTTP.
  PLAINTEXT_FOR_TLS,
  /// Is asked for TLS and never answers.
  HANG_IN_HANDSHAKE,
  /// Is asked for TLS and resets the connection.
  RESET_IN_HANDSHAKE,
  /// Shows a certificate that nobody trusts.
  UNTRUSTED_CERTIFICATE,
  /// Shows a certificate that was good until yesterday.
  EXPIRED_CERTIFICATE,
  /// Shows a certificate for another host.
  FOREIGN_CERTIFICATE,
  /// Reads the request, ends its own side of the connection and keeps the other open.
  HALF_CLOSE,
  /// The same in the middle of a body.
  HALF_CLOSE_MID_BODY
}
