package dev.fanfare.dispatcher.log.notify;

import dev.fanfare.dispatcher.egress.signature.Secret;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// Somebody who can be told. `toString` shows neither the target, which may be a secret by itself,
/// nor the signing secret.
///
/// @param name by which rules name it
/// @param tenant whose rules may name it; empty for the operators'
/// @param target an address to post to, or e-mail addresses with commas between
/// @param secret what a webhook is signed with
public record ChannelSettings(
    String name,
    ChannelKind kind,
    Optional<String> tenant,
    String target,
    Optional<Secret> secret) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_]{0,62}");
  private static final Pattern ADDRESS =
      Pattern.compile("[^\\s@<>,;\"]{1,64}@[^\\s@<>,;\"]{1,255}");
  private static final int MOST_ADDRESSES = 20;

  /// @throws IllegalArgumentException if it can't be told like this
  public ChannelSettings {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "a channel's name has 1 to 63 characters of a-z 0-9 _, the first no _");
    }
    switch (kind) {
      case WEBHOOK -> {
        requireUrl(target);
        if (secret.isEmpty()) {
          throw new IllegalArgumentException(
              "secret: a webhook needs one, whsec_ and the base64 of 24 to 64 bytes");
        }
      }
      case CHAT -> requireUrl(target);
      case EMAIL -> requireAddresses(target);
    }
    if (kind != ChannelKind.WEBHOOK && secret.isPresent()) {
      throw new IllegalArgumentException("secret: only a webhook is signed");
    }
  }

  /// The e-mail addresses of a target.
  public static List<String> addresses(String target) {
    return List.of(target.strip().split("\\s*,\\s*", -1));
  }

  private static void requireAddresses(String target) {
    var addresses = addresses(target);
    if (addresses.size() > MOST_ADDRESSES
        || !addresses.stream().allMatch(it -> ADDRESS.matcher(it).matches())) {
      throw new IllegalArgumentException(
          "target: must be e-mail addresses with commas between, at most " + MOST_ADDRESSES);
    }
  }

  private static void requireUrl(String target) {
    try {
      var scheme = String.valueOf(URI.create(target).getScheme());
      if (URI.create(target).getHost() != null && scheme.matches("https?")) {
        return;
      }
    } catch (IllegalArgumentException e) {
      // Said below, without the target.
    }
    throw new IllegalArgumentException("target: must be an address such as https://example.com/");
  }

  @Override
  public String toString() {
    return "ChannelSettings[" + name + ", " + kind.word() + "]";
  }
}
