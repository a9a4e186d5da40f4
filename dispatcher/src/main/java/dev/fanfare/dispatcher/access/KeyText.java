package dev.fanfare.dispatcher.access;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import java.util.regex.Pattern;

/// How a key is written: `fk_<24 letters of its id>_<52 letters of secret>`. The id finds the
/// record; of the whole only the SHA-256 is kept, which suffices for 260 bits of chance.
public final class KeyText {
  private static final Pattern FORM = Pattern.compile("fk_([a-z0-9]{24})_[a-z0-9]{52}");
  private static final String ID = "key_";
  private static final int DIGEST = 32;

  private KeyText() {}

  /// @param id `key_…`
  public static String of(String id, String secret) {
    var text = "fk_" + id.substring(ID.length()) + "_" + secret;
    if (!FORM.matcher(text).matches()) {
      throw new IllegalStateException("a key is made of 24 and 52 letters");
    }
    return text;
  }

  /// The id of the key that this text may be; empty when it is no key's.
  public static Optional<String> id(String text) {
    var matcher = FORM.matcher(text);
    return matcher.matches() ? Optional.of(ID + matcher.group(1)) : Optional.empty();
  }

  /// Whether an id is one that keys have, which no tenant may then have.
  public static boolean isId(String id) {
    return id.startsWith(ID);
  }

  public static byte[] hash(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /// In a time that does not tell where they differ.
  public static boolean isHash(ByteBuffer stored, byte[] given) {
    var bytes = new byte[DIGEST];
    if (stored.remaining() != DIGEST) {
      return false;
    }
    stored.duplicate().get(bytes);
    return MessageDigest.isEqual(bytes, given);
  }
}
