package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.feed.AppliedWrites;
import dev.fanfare.retry.replay.Orders;
import dev.fanfare.retry.replay.ReplayJob;
import java.util.Collection;
import java.util.Optional;

/// The replays that this process has read. Thread-safe; reads never block.
public interface KnownReplays extends AppliedWrites {
  Optional<ReplayJob> find(String id);

  /// All of them, in no order; a snapshot.
  Collection<ReplayJob> all();

  /// What people ask of it.
  Orders orders(String id);
}
