package dev.fanfare.dispatcher.ingest;

import dev.fanfare.dispatcher.control.RequestProblem;
import java.util.List;
import java.util.Map;

/// What became of a provider's request.
public sealed interface Receipt {
  /// Kafka has every event that could be made of it.
  ///
  /// @param accepted how many
  /// @param skipped kinds of reports that no event is made of, and how many of each
  /// @param unusable what is wrong with reports of a known kind that lack what an event needs; the
  ///   pointer begins with the event's number
  record Taken(int accepted, Map<String, Integer> skipped, List<RequestProblem> unusable)
      implements Receipt {
    public Taken {
      skipped = Map.copyOf(skipped);
      unusable = List.copyOf(unusable);
    }
  }

  /// It is not proven to be from the provider, or no such source is configured.
  record Forged() implements Receipt {}

  /// It is from the provider, and no JSON.
  record Unreadable() implements Receipt {}

  /// Not possible at the moment; the provider will send it again.
  record Unavailable(String why) implements Receipt {}
}
