package dev.fanfare.dispatcher.egress;

/// The way out. Thread-safe.
public interface Egress extends AutoCloseable {
  /// Signs and makes one POST; blocks the calling thread, meant to be a virtual one, until there is
  /// a reply or the post's timeout is over. Sends at most once: nothing is repeated behind the
  /// caller's back. An interrupt ends the call with [Reply.Fault#CANCELLED]. Throws for bugs only.
  Reply post(Post post);

  @Override
  void close();
}
