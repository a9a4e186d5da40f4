package dev.fanfare.dispatcher.egress.signature;

import java.util.List;

/// The live keys of one subscription, the current one first: during a rotation a POST carries a
/// signature by each. At most ten.
public record SigningKeys(List<Secret> secrets) {
  public static final int MOST = 10;

  /// @throws IllegalArgumentException if there is none, or more than ten
  public SigningKeys {
    secrets = List.copyOf(secrets);
    if (secrets.isEmpty() || secrets.size() > MOST) {
      throw new IllegalArgumentException(
          "a subscription signs with 1 to " + MOST + " secrets, not " + secrets.size());
    }
  }
}
