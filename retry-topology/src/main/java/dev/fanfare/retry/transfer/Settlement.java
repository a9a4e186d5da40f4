package dev.fanfare.retry.transfer;

/// What became of a [Transfer].
public sealed interface Settlement {
  /// Records and offsets are durable.
  record Committed() implements Settlement {}

  /// Nothing was written: the group has moved on since the membership was taken. The partitions
  /// that are still ours may be transferred again under the new membership; the others are somebody
  /// else's.
  record Refused(String why) implements Settlement {}

  /// It is not known whether it was written, or the producer can't go on. Whoever holds state in
  /// memory must drop it and start again from the committed offsets.
  record Broken(Exception cause) implements Settlement {}
}
