package dev.fanfare.dispatcher.log.notify;

/// Tells somebody something, once. Thread-safe.
public interface Notifier extends AutoCloseable {
  /// Blocks the calling thread, meant to be a virtual one, for a bounded time. Throws for bugs
  /// only.
  Told tell(ChannelSettings channel, Notice notice);

  @Override
  void close();
}
