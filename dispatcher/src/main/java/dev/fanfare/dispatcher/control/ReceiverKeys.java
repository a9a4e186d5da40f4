package dev.fanfare.dispatcher.control;

import java.util.Optional;

/// What a receiver needs to check signatures with. `toString` shows nothing of it.
///
/// @param secret `whsec_…`, for HMAC; empty when only ed25519 is used
/// @param publicKey `whpk_…`, for ed25519; empty when only HMAC is used
public record ReceiverKeys(Optional<String> secret, Optional<String> publicKey) {
  @Override
  public String toString() {
    return "ReceiverKeys[redacted]";
  }
}
