package dev.fanfare.dispatcher.api;

/// How much a client may send.
///
/// @param body most bytes of one request
/// @param event most bytes of one event as JSON
/// @param events most events of one request
/// @param stream most bytes of one request that is read line by line
/// @param bodies most bytes of requests held in memory at the same time
public record BodyLimits(int body, int event, int events, long stream, long bodies) {
  /// @throws IllegalArgumentException if an event is longer than a request may be, or a request
  ///   longer than a stream or than what may be held
  public BodyLimits {
    if (event > body) {
      throw new IllegalArgumentException("max_event must not be more than max_body");
    }
    if (body > stream) {
      throw new IllegalArgumentException("max_body must not be more than max_stream");
    }
    if (body > bodies) {
      throw new IllegalArgumentException("max_body must not be more than max_bodies");
    }
  }
}
