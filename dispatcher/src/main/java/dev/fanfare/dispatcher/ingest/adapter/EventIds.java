package dev.fanfare.dispatcher.ingest.adapter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.schemas.id.EventId;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;

/// Names events so that a report which comes again, as all providers send again what was not
/// acknowledged, makes the same event and not another.
final class EventIds {
  private static final int BYTES = 24;

  private EventIds() {}

  /// The provider's own id where it can be one of ours, else one derived from it; from the rest
  /// where the provider gives none.
  ///
  /// @param own empty for none
  static String of(String provider, String own, String... rest) {
    if (own.isEmpty()) {
      return derived(provider, rest);
    }
    return EventId.isValid(own) ? own : derived(provider, own);
  }

  /// @param parts what tells this event from any other of the provider
  static String derived(String provider, String... parts) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(provider.getBytes(UTF_8));
      for (var part : parts) {
        var bytes = part.getBytes(UTF_8);
        sha.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        sha.update(bytes);
      }
      var id = Base64.getUrlEncoder().withoutPadding();
      return provider + "-" + id.encodeToString(Arrays.copyOf(sha.digest(), BYTES));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
