package dev.fanfare.dispatcher.app;

import java.util.ArrayDeque;
import java.util.Deque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Closes what was started, the last first. What fails to close is logged and does not keep the
/// rest open. Thread-safe; closing twice closes once.
public final class Closer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Closer.class);

  private final Deque<AutoCloseable> open = new ArrayDeque<>();

  public synchronized <T extends AutoCloseable> T add(T started) {
    open.push(started);
    return started;
  }

  @Override
  public synchronized void close() {
    while (!open.isEmpty()) {
      var next = open.pop();
      try {
        next.close();
      } catch (Exception e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        LOG.error("{} did not close properly", next.getClass().getSimpleName(), e);
      }
    }
  }
}
