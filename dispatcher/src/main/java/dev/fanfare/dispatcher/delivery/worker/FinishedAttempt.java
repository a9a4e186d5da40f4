package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.Sample;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/// An attempt that has ended, with all that is to be written for it.
///
/// @param startedAtMs when its lane let it start
/// @param records what its settlement writes; empty when it was cancelled: then nothing is settled
///   and whoever owns the partition next attempts it again
record FinishedAttempt(
    Received received,
    long startedAtMs,
    Sample sample,
    List<ProducerRecord<byte[], byte[]>> records) {
  boolean cancelled() {
    return records.isEmpty();
  }
}
