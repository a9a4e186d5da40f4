package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.Breaker;
import dev.fanfare.dispatcher.delivery.lane.Sample;
import dev.fanfare.dispatcher.delivery.outcome.DisableReason;
import dev.fanfare.schemas.topic.BreakerHeader;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.producer.ProducerRecord;

/// An attempt that has ended, with all that is to be written for it.
///
/// @param ticket that its lane gave it
/// @param stop why nothing more is to be sent to its endpoint
/// @param records what its settlement writes, the attempt's own record first; empty when it was
///   cancelled: then nothing is settled and whoever owns the partition next attempts it again
record FinishedAttempt(
    Received received,
    Ticket ticket,
    Sample sample,
    Optional<DisableReason> stop,
    List<ProducerRecord<byte[], byte[]>> records) {
  static FinishedAttempt cancelled(Received received, Ticket ticket) {
    return new FinishedAttempt(received, ticket, Sample.NEUTRAL, Optional.empty(), List.of());
  }

  /// Notes on the attempt's own record what it has made of the endpoint's breaker. To be called
  /// before the records are sent.
  void note(Breaker breaker) {
    if (cancelled()) {
      return;
    }
    switch (breaker) {
      case Breaker.Closed _ -> {}
      case Breaker.Open(long untilMs, _) -> note(untilMs);
      case Breaker.HalfOpen _ -> note(BreakerHeader.PROBING);
    }
  }

  private void note(long untilMs) {
    records.getFirst().headers().add(BreakerHeader.NAME, BreakerHeader.encode(untilMs));
  }

  boolean cancelled() {
    return records.isEmpty();
  }
}
