package dev.fanfare.dispatcher.control;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.payload.EventReading;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Events that come one after another, as many as there are: what is good is written while more
/// comes, what is not is told and keeps nothing back.
///
/// ```
/// take ─▶ waiting (bounded) ─▶ writing (one batch) ─▶ acknowledged
/// ```
///
/// Whoever hands in more than may wait is held up until Kafka has acknowledged what is being
/// written. Batches are written one after another, so events of one message keep their order. Used
/// by one thread; writes on a virtual thread of its own.
public final class EventInflow implements AutoCloseable {
  static final int MOST_WAITING = 500;

  /// Of events as JSON.
  public static final int MOST_BYTES_WAITING = 1 << 20;

  /// So many problems are told; others are counted.
  static final int MOST_PROBLEMS = 200;

  /// What is wrong with a line.
  public record LineProblem(long line, String pointer, String detail) {}

  /// @param accepted events that Kafka has acknowledged
  /// @param refused lines of which no event could be made
  /// @param through the last line that is settled: all up to it are acknowledged or refused
  /// @param problems of the first lines that were refused
  /// @param untold how many problems are not among them
  /// @param unavailable why it stopped before the end; empty when nothing stopped it
  public record Tally(
      long accepted,
      long refused,
      long through,
      List<LineProblem> problems,
      long untold,
      Optional<String> unavailable) {
    public Tally {
      problems = List.copyOf(problems);
    }
  }

  private record Waiting(List<EmailEvent> events, long line) {}

  private final Function<Source, EventReading> reader;
  private final Function<List<EmailEvent>, Acceptance> writer;

  // Of whoever hands in.
  private final List<LineProblem> problems = new ArrayList<>();
  private long refused;
  private long untold;
  private long lastLine;
  private @Nullable Thread thread;

  // Of both, under the lock.
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private List<EmailEvent> waiting = new ArrayList<>();
  private int waitingBytes;
  private long waitingLine;
  private boolean ended;
  private long accepted;
  private long through;
  private @Nullable String unavailable;
  private @Nullable RuntimeException bug;

  /// One event as it came.
  record Source(long line, JsonNode json, ByteBuffer utf8) {}

  EventInflow(
      Function<Source, EventReading> reader, Function<List<EmailEvent>, Acceptance> writer) {
    this.reader = reader;
    this.writer = writer;
  }

  /// Hands in the event that stands in a line. Waits while too much waits already.
  ///
  /// @return false when nothing more is taken, since Kafka does not
  public boolean take(long line, JsonNode json, ByteBuffer utf8) {
    lastLine = line;
    return switch (reader.apply(new Source(line, json, utf8))) {
      case EventReading.Read(var event) -> offer(line, event, utf8.remaining());
      case EventReading.Refused(var found) -> {
        refused++;
        found.forEach(it -> tell(new LineProblem(line, it.pointer(), it.detail())));
        yield isOpen();
      }
    };
  }

  /// Tells that no event stands in a line.
  public boolean refuse(long line, String detail) {
    lastLine = line;
    refused++;
    tell(new LineProblem(line, "", detail));
    return isOpen();
  }

  private void tell(LineProblem problem) {
    if (problems.size() < MOST_PROBLEMS) {
      problems.add(problem);
    } else {
      untold++;
    }
  }

  private boolean isOpen() {
    lock.lock();
    try {
      return unavailable == null && bug == null;
    } finally {
      lock.unlock();
    }
  }

  private boolean offer(long line, EmailEvent event, int bytes) {
    if (thread == null) {
      thread = Thread.ofVirtual().name("event-inflow").start(this::write);
    }
    lock.lock();
    try {
      while (isFull() && unavailable == null && bug == null) {
        changed.await();
      }
      if (unavailable != null || bug != null) {
        return false;
      }
      waiting.add(event);
      waitingBytes += bytes;
      waitingLine = line;
      changed.signalAll();
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      unavailable = "interrupted";
      return false;
    } finally {
      lock.unlock();
    }
  }

  private boolean isFull() {
    return waiting.size() >= MOST_WAITING || waitingBytes >= MOST_BYTES_WAITING;
  }

  /// Waits until all that was taken is acknowledged, or will not be.
  public Tally finish() {
    close();
    lock.lock();
    try {
      if (bug != null) {
        throw bug;
      }
      var stopped = Optional.ofNullable(unavailable);
      return new Tally(
          accepted, refused, stopped.isEmpty() ? lastLine : through, problems, untold, stopped);
    } finally {
      lock.unlock();
    }
  }

  /// Waits for what was taken.
  @Override
  public void close() {
    lock.lock();
    try {
      ended = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      if (thread != null) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop("interrupted");
    }
  }

  private void write() {
    try {
      for (var batch = next(); batch.isPresent(); batch = next()) {
        if (writer.apply(batch.get().events()) instanceof Acceptance.Unavailable(var why)) {
          stop(why);
          return;
        }
        acknowledged(batch.get());
      }
    } catch (RuntimeException e) {
      lock.lock();
      try {
        bug = e; // of the one who waits for the end
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  private void stop(String why) {
    lock.lock();
    try {
      unavailable = why;
      waiting = new ArrayList<>();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /// All that waits, once something does; empty at the end.
  private Optional<Waiting> next() {
    lock.lock();
    try {
      while (waiting.isEmpty() && !ended) {
        changed.awaitUninterruptibly();
      }
      if (waiting.isEmpty()) {
        return Optional.empty();
      }
      var batch = new Waiting(waiting, waitingLine);
      waiting = new ArrayList<>();
      waitingBytes = 0;
      changed.signalAll();
      return Optional.of(batch);
    } finally {
      lock.unlock();
    }
  }

  private void acknowledged(Waiting batch) {
    lock.lock();
    try {
      accepted += batch.events().size();
      through = batch.line();
    } finally {
      lock.unlock();
    }
  }
}
