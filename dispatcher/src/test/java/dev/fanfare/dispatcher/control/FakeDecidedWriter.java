package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.feed.CurrentTable;
import java.util.function.Supplier;

/// Decides once, and writes by another.
record FakeDecidedWriter(RecordWriter writer) implements DecidedWriter {
  @Override
  public <R> Decided<R> decide(String topic, CurrentTable applied, Supplier<Decision<R>> decision) {
    return switch (decision.get()) {
      case Decision.Leave<R>(var result) -> new Decided.Done<>(result);
      case Decision.Write<R>(var record, var result) ->
          switch (writer.write(topic, record)) {
            case Written.Acknowledged _ -> new Decided.Done<>(result);
            case Written.Failed(var why) -> new Decided.Failed<>(why);
          };
    };
  }

  @Override
  public void close() {}
}
