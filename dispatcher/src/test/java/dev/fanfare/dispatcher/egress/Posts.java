package dev.fanfare.dispatcher.egress;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.egress.credential.Credential;
import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import java.net.URI;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// POSTs as a worker would make them.
final class Posts {
  static final Secret SECRET = Secret.parse("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  static final String BODY = "{\"type\":\"email.bounced\",\"data\":{\"note\":\"ä\"}}";
  static final String TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  private Posts() {}

  static Post to(URI url) {
    return to(url, Duration.ofSeconds(5));
  }

  static Post to(URI url, Duration timeout) {
    return post("sub_1", url, Map.of(), timeout, ByteBuffer.wrap(BODY.getBytes(UTF_8)));
  }

  static Post to(URI url, Map<String, String> headers) {
    return post(
        "sub_1", url, headers, Duration.ofSeconds(5), ByteBuffer.wrap(BODY.getBytes(UTF_8)));
  }

  static Post from(String endpoint, URI url) {
    return post(
        endpoint, url, Map.of(), Duration.ofSeconds(5), ByteBuffer.wrap(BODY.getBytes(UTF_8)));
  }

  static Post with(Post post, Credential credential) {
    return new Post(
        post.endpoint(),
        post.url(),
        post.eventId(),
        post.attempt(),
        post.body(),
        post.contentType(),
        post.headers(),
        post.keys(),
        Optional.of(credential),
        post.timeout(),
        post.traceparent());
  }

  static Post post(
      String endpoint, URI url, Map<String, String> headers, Duration timeout, ByteBuffer body) {
    return new Post(
        endpoint,
        url,
        "evt_1",
        3,
        body,
        "application/json",
        headers,
        new SigningKeys(List.of(SECRET)),
        Optional.empty(),
        timeout,
        Optional.of(TRACEPARENT));
  }
}
