package dev.fanfare.dispatcher.telemetry;

import java.util.Optional;

/// Takes spans, if anybody wants them. Thread-safe, and never waits.
public interface Spans {
  /// Nobody does.
  Spans NONE =
      new Spans() {
        @Override
        public Optional<Trace> begin(Trace parent) {
          return Optional.empty();
        }

        @Override
        public void ended(Span span) {
          throw new IllegalStateException("none has begun");
        }
      };

  /// The place of a new span below this one; empty if nobody wants it.
  Optional<Trace> begin(Trace parent);

  /// What has begun has ended.
  void ended(Span span);
}
