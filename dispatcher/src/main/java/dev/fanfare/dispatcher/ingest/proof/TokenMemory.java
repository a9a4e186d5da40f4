package dev.fanfare.dispatcher.ingest.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// Which body each token came with first. The same again is a provider that got no answer; another
/// one is somebody who reuses a token. Bounded in number and time, what is oldest is forgotten
/// first; in the memory of this process only. Thread-safe.
final class TokenMemory {
  private static final int MOST = 100_000;
  private static final int KEPT = 16;

  private final Duration span;
  private final Map<ByteBuffer, Seen> tokens = new LinkedHashMap<>();

  private record Seen(ByteBuffer body, Instant at) {}

  TokenMemory(Duration span) {
    this.span = span;
  }

  synchronized boolean belongs(String token, ByteBuffer body, Instant now) {
    var oldestFirst = tokens.values().iterator();
    while (oldestFirst.hasNext()) {
      var oldest = oldestFirst.next();
      if (tokens.size() < MOST && oldest.at.isAfter(now.minus(span))) {
        break;
      }
      oldestFirst.remove();
    }
    var name = digest(ByteBuffer.wrap(token.getBytes(UTF_8)));
    var known = tokens.putIfAbsent(name, new Seen(digest(body), now));
    return known == null || known.body.equals(digest(body));
  }

  private static ByteBuffer digest(ByteBuffer bytes) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(bytes.duplicate());
      return ByteBuffer.wrap(Arrays.copyOf(sha.digest(), KEPT));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
