package dev.fanfare.retry.transfer;

import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;

/// The first send of a transaction that failed. Called by the producer's own thread.
final class FirstFailure implements Callback {
  private volatile @Nullable Exception failure;

  @Override
  public void onCompletion(@Nullable RecordMetadata metadata, @Nullable Exception exception) {
    if (exception != null && failure == null) {
      failure = exception;
    }
  }

  boolean isPresent() {
    return failure != null;
  }

  RuntimeException asException() {
    return new KafkaException("a send failed", failure);
  }
}
