package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.retry.transfer.Settlement;
import dev.fanfare.retry.transfer.Transfer;
import dev.fanfare.retry.transfer.TransferProducer;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.Consumer;

/// Commits transfers, one after another, on its own thread, and says what became of each.
final class Settler implements AutoCloseable {
  private final String name;
  private final TransferProducer producer;
  private final WorkerMetrics metrics;
  private final LinkedBlockingQueue<Transfer> transfers = new LinkedBlockingQueue<>();
  private Thread thread = Thread.currentThread();

  Settler(String name, TransferProducer producer, WorkerMetrics metrics) {
    this.name = name;
    this.producer = producer;
    this.metrics = metrics;
  }

  void start(Consumer<Settlement> settled) {
    thread = Thread.ofPlatform().name(name).start(() -> run(settled));
  }

  void commit(Transfer transfer) {
    transfers.add(transfer);
  }

  private void run(Consumer<Settlement> settled) {
    try {
      while (true) {
        var transfer = transfers.take();
        long startedAt = System.nanoTime();
        var settlement = producer.commit(transfer);
        metrics.committed(
            transfer.records().size(), Duration.ofNanos(System.nanoTime() - startedAt));
        settled.accept(settlement);
      }
    } catch (InterruptedException e) {
      // Closed: what is not committed is started again by whoever owns it next.
    }
  }

  /// Ends the thread. A transaction that is open is aborted when the producer is closed.
  @Override
  public void close() {
    if (thread == Thread.currentThread()) {
      return; // never started
    }
    thread.interrupt();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
