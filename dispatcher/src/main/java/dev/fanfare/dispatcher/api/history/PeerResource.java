package dev.fanfare.dispatcher.api.history;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.dispatcher.log.query.Peers;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Map;

/// What other instances of the log ask. Not for clients: it has a key of its own, and the parts
/// that it answers with mean nothing by themselves.
final class PeerResource {
  private static final String BYTES = "application/octet-stream";

  private final LogRole log;
  private final byte[] digest;

  PeerResource(LogRole log, String key) {
    this.log = log;
    this.digest = sha256(Peers.SCHEME + key);
  }

  Answer answer(Call call) {
    if (!MessageDigest.isEqual(digest, sha256(call.header("authorization").orElse("")))) {
      throw new ApiProblem(Problem.unauthorized("this address is for other instances"));
    }
    try {
      var parts = Lists.queries(log).answerPeer(call.body().get());
      return new Answer(200, BYTES, ByteBuffer.wrap(parts), Map.of());
    } catch (IllegalArgumentException e) {
      throw new ApiProblem(Problem.malformed("not a question that this version knows"));
    }
  }

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
