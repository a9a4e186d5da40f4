package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.credential.Credential;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/// One POST to be made: everything but the time of sending, which is taken when it is signed.
///
/// @param endpoint whose connections it may use: the subscription's id
/// @param url where it goes
/// @param eventId sent as `webhook-id`
/// @param attempt sent as `webhook-attempt`, from 1
/// @param body what is signed and sent, from position to limit, byte for byte; neither copied nor
///   moved
/// @param headers the subscription's own header fields and those of its format, e.g. `ce-type`
/// @param credential what it shows to the endpoint besides its signature
/// @param timeout for the whole call, from name resolution to the end of the answer
public record Post(
    String endpoint,
    URI url,
    String eventId,
    int attempt,
    ByteBuffer body,
    String contentType,
    Map<String, String> headers,
    SigningKeys keys,
    Optional<Credential> credential,
    Duration timeout,
    Optional<String> traceparent) {
  /// Header fields may be credentials, and so may a URL's query.
  @Override
  public String toString() {
    return "POST of " + eventId + " to " + endpoint;
  }
}
