package dev.fanfare.dispatcher.egress.signature;

/// What a receiver finds when it checks a message.
public enum Verification {
  VALID,
  /// An id, timestamp or signature field that nobody following the scheme would send.
  MALFORMED,
  /// Signed longer ago than tolerated: perhaps a replay by someone who overheard it.
  TOO_OLD,
  /// Signed further ahead than tolerated.
  TOO_NEW,
  /// None of the signatures is by any of the keys.
  NO_MATCH
}
