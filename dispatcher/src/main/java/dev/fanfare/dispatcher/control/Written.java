package dev.fanfare.dispatcher.control;

/// What became of a record that was to be written.
public sealed interface Written {
  /// Every in-sync replica has it.
  record Acknowledged(int partition, long offset) implements Written {}

  /// Kafka did not say so in time, or refused. It may yet turn out to have been written.
  ///
  /// @param why for people, without content of the record
  record Failed(String why) implements Written {}
}
