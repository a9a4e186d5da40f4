package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.Sample;
import dev.fanfare.dispatcher.delivery.outcome.DisableReason;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// An attempt that has ended, with all that is to be written for it.
///
/// @param ticket that its lane gave it
/// @param stop why nothing more is to be sent to its endpoint
/// @param records what its settlement writes; empty when it was cancelled: then nothing is settled
///   and whoever owns the partition next attempts it again
record FinishedAttempt(
    Received received,
    Ticket ticket,
    Sample sample,
    Optional<DisableReason> stop,
    List<ProducerRecord<byte[], byte[]>> records) {
  static FinishedAttempt cancelled(Received received, Ticket ticket) {
    return new FinishedAttempt(received, ticket, Sample.NEUTRAL, Optional.empty(), List.of());
  }

  boolean cancelled() {
    return records.isEmpty();
  }
}
