package dev.fanfare.retry.transfer;

import dev.fanfare.retry.transfer.Settlement.Broken;
import dev.fanfare.retry.transfer.Settlement.Committed;
import dev.fanfare.retry.transfer.Settlement.Refused;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.CommitFailedException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.FencedInstanceIdException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.OutOfOrderSequenceException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes [Transfer]s, one Kafka transaction each.
///
/// ```
/// init ─▶ begin ─▶ offsets ─▶ records ─▶ commit ──────────────────▶ Committed
///            ▲        │          │          │ timeout: commit again, nothing else
///            │        └────┬─────┴──────────┘
///            │           abort ──────────────────────────────────────▶ Refused   stale membership
///            └─ back-off ──┤ worth repeating
///                          └ fails, or not worth repeating ──────────▶ Broken
/// ```
///
/// What is known to be aborted and may succeed later (a broker is away, a leader moves) is repeated
/// here until it is committed or the producer is closed. Whether an error may be followed by an
/// abort is left to the client itself: `abortTransaction` succeeds only from a state in which the
/// commit cannot have been applied (`TransactionManager`, KIP-1050, KIP-890). After `Broken` the
/// producer is closed; its owner makes a new one, whose [#prepare] waits until the open transaction
/// of the old one is resolved.
///
/// A broker outage longer than `transaction.timeout.ms` in the middle of a transfer ends in
/// `Broken`, because the coordinator aborts the transaction and bumps the epoch by itself.
///
/// One thread calls [#prepare] and [#commit]; any thread may call [#close], [#healthy] and
/// [#failingSince].
public final class TransferProducer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TransferProducer.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration CLOSE_WITHIN = Duration.ofSeconds(5);
  private static final Committed COMMITTED = new Committed();

  private final Producer<byte[], byte[]> producer;
  private final String transactionalId;
  private final CountDownLatch closing = new CountDownLatch(1);
  private boolean initialised;
  private volatile @Nullable Instant failingSince;
  private volatile boolean broken;

  /// Opens no connection before the first [#prepare] or [#commit].
  ///
  /// @param kafkaClientProperties win over the defaults here (`lz4`, bounded blocking and delivery
  ///   times), but not over what exactly-once needs
  /// @param transactionalId whoever uses it next fences this one, so it must be unique among the
  ///   living; a stable one lets a restart resolve at once what a crash left open
  public TransferProducer(Map<String, Object> kafkaClientProperties, String transactionalId) {
    this(
        new KafkaProducer<>(
            configuration(kafkaClientProperties, transactionalId),
            new ByteArraySerializer(),
            new ByteArraySerializer()),
        transactionalId);
  }

  TransferProducer(Producer<byte[], byte[]> producer, String transactionalId) {
    this.producer = producer;
    this.transactionalId = transactionalId;
  }

  static Map<String, Object> configuration(Map<String, Object> given, String transactionalId) {
    var all = new HashMap<String, Object>();
    all.put(ProducerConfig.CLIENT_ID_CONFIG, transactionalId);
    all.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    all.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, 5_000);
    if (!given.containsKey(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG)) {
      all.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 10_000);
      all.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 30_000);
    }
    // While the coordinator still writes the markers of the last transaction, the next one's
    // offsets
    // meet CONCURRENT_TRANSACTIONS nearly every time. Measured on one broker with transactions back
    // to back: 80 ms each with the default of 100 ms, 13 with 10, 4 with 2.
    all.put(ProducerConfig.RETRY_BACKOFF_MS_CONFIG, 5);
    all.putAll(given);
    all.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId);
    all.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    all.put(ProducerConfig.ACKS_CONFIG, "all");
    return all;
  }

  /// Fences a predecessor with the same transactional id and waits until its open transaction is
  /// resolved. Optional: the first [#commit] does it otherwise.
  ///
  /// @return why it can't be used, or empty when it is ready
  public Optional<Broken> prepare() {
    while (!initialised) {
      try {
        producer.initTransactions();
        initialised = true;
        working();
      } catch (TimeoutException e) {
        failing(e);
        if (isClosing()) {
          return Optional.of(broken(e));
        }
      } catch (RuntimeException e) {
        return Optional.of(broken(e));
      }
    }
    return Optional.empty();
  }

  /// Moves everything or nothing; blocks until that is decided, the producer is closed or the
  /// thread is interrupted.
  ///
  /// @throws IllegalStateException if the producer has answered `Broken` before
  public Settlement commit(Transfer transfer) {
    if (broken) {
      throw new IllegalStateException("broken and closed: make a new one");
    }
    if (transfer.isEmpty()) {
      return COMMITTED;
    }
    var notReady = prepare();
    if (notReady.isPresent()) {
      return notReady.get();
    }
    var pause = FIRST_PAUSE;
    while (true) {
      switch (attempt(transfer)) {
        case Settled(Settlement settlement) -> {
          if (!(settlement instanceof Broken)) {
            working();
          }
          return settlement;
        }
        case AbortedFor(RuntimeException cause) -> {
          failing(cause);
          if (!sleep(pause)) {
            return broken(cause);
          }
          pause = shorter(pause.multipliedBy(2), LONGEST_PAUSE);
        }
      }
    }
  }

  /// One transaction, from begin to its end.
  private Attempt attempt(Transfer transfer) {
    try {
      producer.beginTransaction();
      // Offsets first: a stale membership is refused before anything is written.
      var group = transfer.group();
      if (group != null) {
        producer.sendOffsetsToTransaction(transfer.offsets(), group);
      }
      send(transfer);
    } catch (CommitFailedException | FencedInstanceIdException e) {
      return abort(e).orElseGet(() -> new Settled(new Refused(reason(e))));
    } catch (RuntimeException e) {
      return abortAndJudge(e);
    }
    return complete();
  }

  private void send(Transfer transfer) {
    var failure = new FirstFailure();
    for (var record : transfer.records()) {
      var sent = producer.send(record, failure);
      if (sent.isDone() && failure.isPresent()) {
        throw failure.asException();
      }
    }
    // A send that fails later fails the commit, which waits for all of them.
  }

  private Attempt complete() {
    while (true) {
      try {
        producer.commitTransaction();
        return new Settled(COMMITTED);
      } catch (TimeoutException e) {
        // The commit may be under way: it can only be waited for (KafkaProducer.commitTransaction).
        failing(e);
        if (isClosing()) {
          return new Settled(broken(e));
        }
      } catch (RuntimeException e) {
        return abortAndJudge(e);
      }
    }
  }

  private Attempt abortAndJudge(RuntimeException cause) {
    return abort(cause)
        .orElseGet(
            () -> isWorthRepeating(cause) ? new AbortedFor(cause) : new Settled(broken(cause)));
  }

  /// Empty when the transaction is known to be aborted.
  private Optional<Attempt> abort(RuntimeException cause) {
    if (cause instanceof InterruptException) {
      return Optional.of(new Settled(broken(cause)));
    }
    while (true) {
      try {
        producer.abortTransaction();
        return Optional.empty();
      } catch (TimeoutException e) {
        failing(e);
        if (isClosing()) {
          return Optional.of(new Settled(broken(cause)));
        }
      } catch (RuntimeException e) {
        if (!e.equals(cause)) { // the client throws what it has kept
          cause.addSuppressed(e);
        }
        return Optional.of(new Settled(broken(cause)));
      }
    }
  }

  /// Of what has been aborted: the client wraps what it gave up on in `TransactionAbortable…`, and
  /// says by a bare `KafkaException` that an acknowledgement is missing but aborting is safe.
  /// Anything else (not authorised, record too large) would fail again.
  private static boolean isWorthRepeating(RuntimeException thrown) {
    Throwable last = thrown;
    for (Throwable e = thrown; e != null; e = e.getCause()) {
      if (e instanceof RetriableException
          || e instanceof TransactionAbortableException
          || e instanceof OutOfOrderSequenceException) {
        return true;
      }
      last = e;
    }
    return last.getClass() == KafkaException.class;
  }

  /// Whether the last thing it tried worked.
  public boolean healthy() {
    return failingSince == null;
  }

  /// Since when nothing has worked; empty when healthy.
  public Optional<Instant> failingSince() {
    return Optional.ofNullable(failingSince);
  }

  private void failing(RuntimeException cause) {
    if (failingSince == null) {
      failingSince = Instant.now();
      LOG.warn("{}: transfers fail and are repeated: {}", transactionalId, reason(cause));
    }
  }

  private void working() {
    var since = failingSince;
    if (since != null) {
      failingSince = null;
      LOG.info("{}: transfers work again; they failed since {}", transactionalId, since);
    }
  }

  private Broken broken(RuntimeException cause) {
    broken = true;
    if (failingSince == null) {
      failingSince = Instant.now();
    }
    boolean interrupted = Thread.interrupted(); // closing would not wait for its threads otherwise
    try {
      producer.close(Duration.ZERO);
    } catch (KafkaException e) {
      cause.addSuppressed(e);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
    return new Broken(named(cause));
  }

  /// Kafka does not say which id is not allowed.
  private Exception named(RuntimeException cause) {
    for (Throwable e = cause; e != null; e = e.getCause()) {
      if (e instanceof TransactionalIdAuthorizationException) {
        var named =
            new TransactionalIdAuthorizationException(
                "Not authorized to write with transactional id: " + transactionalId);
        named.addSuppressed(cause);
        return named;
      }
    }
    return cause;
  }

  private boolean isClosing() {
    return closing.getCount() == 0;
  }

  /// False when it is time to give up.
  private boolean sleep(Duration pause) {
    try {
      return !closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Lets a transfer under way end within a bound, then gives up on it.
  @Override
  public void close() {
    closing.countDown();
    producer.close(CLOSE_WITHIN);
  }

  private static String reason(Throwable e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) <= 0 ? a : b;
  }

  private sealed interface Attempt {}

  private record Settled(Settlement settlement) implements Attempt {}

  /// Aborted for sure, and worth another attempt.
  private record AbortedFor(RuntimeException cause) implements Attempt {}
}
