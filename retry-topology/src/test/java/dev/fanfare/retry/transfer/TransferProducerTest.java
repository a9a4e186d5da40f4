package dev.fanfare.retry.transfer;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.fanfare.retry.transfer.Settlement.Broken;
import dev.fanfare.retry.transfer.Settlement.Committed;
import dev.fanfare.retry.transfer.Settlement.Refused;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// What follows which error; that Kafka raises these errors is `TransferProducerIT`'s business.
@Timeout(10)
class TransferProducerTest {
  private static final TopicPartition SOURCE = new TopicPartition("source", 0);

  private static final ConsumerGroupMetadata GROUP =
      new MockConsumer<byte[], byte[]>("earliest").groupMetadata();

  private final Faulty kafka = new Faulty();
  private final TransferProducer transfers = new TransferProducer(kafka, "test");

  @Test
  void commits() {
    assertThat(transfers.commit(transfer())).isEqualTo(new Committed());
    assertThat(kafka.history()).hasSize(2);
    assertThat(kafka.consumerGroupOffsetsHistory()).hasSize(1);
    assertThat(transfers.healthy()).isTrue();
  }

  @Test
  void nothingIsNoTransaction() {
    var empty = new Transfer(List.of(), Map.of(), GROUP);
    assertThat(transfers.commit(empty)).isEqualTo(new Committed());
    assertThat(kafka.transactionInitialized()).isFalse();
  }

  @Test
  void aStaleMembershipIsRefusedAndTheNextTransferWorks() {
    kafka.offsetsFail.add(new CommitFailedException("generation"));
    assertThat(transfers.commit(transfer())).isEqualTo(new Refused("generation"));
    assertThat(kafka.aborts).isEqualTo(1);
    assertThat(kafka.history()).isEmpty();
    assertThat(transfers.commit(transfer())).isEqualTo(new Committed());
  }

  @Test
  void aCommitThatTimesOutIsCommittedAgainAndNeverSentTwice() {
    kafka.commitsFail.add(new TimeoutException("1"));
    kafka.commitsFail.add(new TimeoutException("2"));
    assertThat(transfers.commit(transfer())).isEqualTo(new Committed());
    assertThat(kafka.aborts).isZero();
    assertThat(kafka.sends).isEqualTo(2);
    assertThat(kafka.history()).hasSize(2);
    assertThat(transfers.healthy()).isTrue();
  }

  @Test
  void whatIsAbortedAndMaySucceedLaterIsRepeated() {
    kafka.initsFail.add(new TimeoutException("no broker"));
    kafka.offsetsFail.add(new TimeoutException("no coordinator"));
    kafka.commitsFail.add(new TransactionAbortableException("batches expired"));
    kafka.abortsFail.add(new TimeoutException("still no coordinator"));
    assertThat(transfers.commit(transfer())).isEqualTo(new Committed());
    assertThat(kafka.aborts).isEqualTo(2);
    assertThat(kafka.history()).hasSize(2);
  }

  @Test
  void whatWouldFailAgainIsBroken() {
    var cause = new TopicAuthorizationException("no");
    kafka.commitsFail.add(new KafkaException("in an error state", cause));
    assertThat(transfers.commit(transfer()))
        .isInstanceOfSatisfying(Broken.class, b -> assertThat(b.cause()).hasCause(cause));
    assertThat(kafka.history()).isEmpty();
    assertThat(kafka.closed()).isTrue();
  }

  @Test
  void aRecordTooLargeIsBroken() {
    kafka.sendException = new RecordTooLargeException("2 MB");
    assertThat(transfers.commit(transfer())).isInstanceOf(Broken.class);
    assertThat(kafka.history()).isEmpty();
  }

  @Test
  void fencedIsBrokenClosedAndNotUsedAgain() {
    kafka.fenceAt = new ProducerFencedException("another one");
    kafka.offsetsFail.add(kafka.fenceAt);
    kafka.abortsFail.add(kafka.fenceAt);
    assertThat(transfers.commit(transfer())).isEqualTo(new Broken(kafka.fenceAt));
    assertThat(transfers.healthy()).isFalse();
    assertThat(transfers.failingSince()).isPresent();
    assertThat(kafka.closed()).isTrue();
    assertThatIllegalStateException().isThrownBy(() -> transfers.commit(transfer()));
  }

  @Test
  void preparingTellsWhatIsWrong() {
    var cause = new TopicAuthorizationException("no");
    kafka.initsFail.add(cause);
    assertThat(transfers.prepare()).contains(new Broken(cause));
  }

  @Test
  void closingEndsTheRepeating() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      kafka.offsetsFail.add(new TimeoutException("no broker"));
    }
    var closer =
        Thread.ofVirtual()
            .start(() -> {
              while (transfers.healthy()) {
                Thread.onSpinWait();
              }
              transfers.close();
            });
    assertThat(transfers.commit(transfer())).isInstanceOf(Broken.class);
    closer.join();
  }

  @Test
  void anInterruptEndsTheRepeatingAndStaysVisible() {
    kafka.offsetsFail.add(new TimeoutException("no broker"));
    Thread.currentThread().interrupt();
    assertThat(transfers.commit(transfer())).isInstanceOf(Broken.class);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void whatExactlyOnceNeedsCanNotBeConfiguredAway() {
    var given = Map.<String, Object>of("acks", "1", "transactional.id", "x", "linger.ms", 7);
    assertThat(TransferProducer.configuration(given, "id"))
        .containsEntry("acks", "all")
        .containsEntry("transactional.id", "id")
        .containsEntry("enable.idempotence", true)
        .containsEntry("linger.ms", 7)
        .containsEntry("compression.type", "lz4");
    assertThat(TransferProducer.configuration(Map.of("compression.type", "zstd"), "id"))
        .containsEntry("compression.type", "zstd");
  }

  private static Transfer transfer() {
    return new Transfer(
        List.of(
            new ProducerRecord<>("target", "k".getBytes(UTF_8), "1".getBytes(UTF_8)),
            new ProducerRecord<>("target", "k".getBytes(UTF_8), "2".getBytes(UTF_8))),
        Map.of(SOURCE, new OffsetAndMetadata(7)),
        GROUP);
  }

  /// Kafka's own fake, with faults in a row.
  private static final class Faulty extends MockProducer<byte[], byte[]> {
    final ArrayDeque<RuntimeException> initsFail = new ArrayDeque<>();
    final ArrayDeque<RuntimeException> offsetsFail = new ArrayDeque<>();
    final ArrayDeque<RuntimeException> commitsFail = new ArrayDeque<>();
    final ArrayDeque<RuntimeException> abortsFail = new ArrayDeque<>();
    ProducerFencedException fenceAt = new ProducerFencedException("");
    int aborts;
    int sends;

    Faulty() {
      super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static void next(ArrayDeque<RuntimeException> faults) {
      var fault = faults.poll();
      if (fault != null) {
        throw fault;
      }
    }

    @Override
    public void initTransactions() {
      next(initsFail);
      super.initTransactions();
    }

    @Override
    public void sendOffsetsToTransaction(
        Map<TopicPartition, OffsetAndMetadata> offsets, ConsumerGroupMetadata group) {
      next(offsetsFail);
      super.sendOffsetsToTransaction(offsets, group);
    }

    @Override
    public synchronized Future<RecordMetadata> send(
        ProducerRecord<byte[], byte[]> record, Callback callback) {
      sends++;
      return super.send(record, callback);
    }

    @Override
    public void commitTransaction() {
      next(commitsFail);
      super.commitTransaction();
    }

    @Override
    public void abortTransaction() {
      next(abortsFail);
      aborts++;
      super.abortTransaction();
    }
  }
}
