package dev.fanfare.retry.replay.runner;

import dev.fanfare.retry.replay.OncePerRoot;
import dev.fanfare.retry.replay.ReplayJob;
import dev.fanfare.retry.replay.ReplaySource;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/// What a filter selects of a source: counted first, then read piece by piece. For one thread.
final class Selection implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(200);

  private final SourceScan scan;
  private final Picker picker;
  private final ReplayJob job;
  private final OncePerRoot once = new OncePerRoot();

  Selection(
      ReplayJob job,
      ReplayClients clients,
      Topics topics,
      AvroSerdes serdes,
      Surroundings surroundings) {
    this.job = job;
    this.picker = new Picker(job.source(), job.filter(), topics, serdes, surroundings);
    this.scan = new SourceScan(clients.reader(job.id()), picker.topic());
  }

  /// A partition is read up to an offset, and there a delivery was selected, or nothing was.
  record Step(int partition, long next, Optional<Delivery> selected) {}

  SourceScan.Bounds bounds() {
    return scan.bounds(job.filter().since().map(at -> at.minus(picker.timesDiffer())));
  }

  /// How many there are. Only dead letters can stand for a delivery more than once: when there are
  /// such, they are read twice.
  ///
  /// @param goOn asked from time to time
  /// @return empty when it was not to go on
  OptionalLong count(SourceScan.Bounds bounds, BooleanSupplier goOn) {
    var counted = new long[1];
    boolean all =
        pass(
            bounds.starts(),
            bounds.ends(),
            goOn,
            delivery -> {
              counted[0]++;
              meet(delivery);
            });
    if (all && once.repeats() > 0) {
      counted[0] = 0;
      all =
          pass(
              bounds.starts(),
              bounds.ends(),
              goOn,
              delivery -> {
                if (take(delivery)) {
                  counted[0]++;
                }
              });
      once.startOver();
    }
    var _ = scan.takeLost(); // it is counted again when it is read to be released
    return all ? OptionalLong.of(counted[0]) : OptionalLong.empty();
  }

  int repeats() {
    return once.repeats();
  }

  /// Learns again what a predecessor knew: which roots stand for several records, and which were
  /// taken before these positions.
  ///
  /// @return false when it was not to go on
  boolean recall(
      Map<Integer, Long> starts,
      Map<Integer, Long> positions,
      Map<Integer, Long> ends,
      BooleanSupplier goOn) {
    boolean all =
        pass(starts, ends, goOn, this::meet)
            && pass(
                starts,
                positions,
                goOn,
                delivery -> {
                  var _ = take(delivery);
                });
    var _ = scan.takeLost();
    return all;
  }

  private void meet(Delivery delivery) {
    if (job.source() == ReplaySource.DEAD_LETTERS) {
      once.meet(delivery);
    }
  }

  private boolean take(Delivery delivery) {
    return job.source() != ReplaySource.DEAD_LETTERS || once.take(delivery);
  }

  private boolean pass(
      Map<Integer, Long> from,
      Map<Integer, Long> to,
      BooleanSupplier goOn,
      Consumer<Delivery> selected) {
    scan.seek(from, to);
    while (!scan.isDone()) {
      if (!goOn.getAsBoolean()) {
        return false;
      }
      var piece = scan.poll(PATIENCE);
      picker.pick(piece.records()).stream().flatMap(Optional::stream).forEach(selected);
    }
    return true;
  }

  /// Begins to read.
  void seek(Map<Integer, Long> from, Map<Integer, Long> to) {
    scan.seek(from, to);
  }

  /// Goes on reading.
  List<Step> poll(Duration patience) {
    var piece = scan.poll(patience);
    var picked = picker.pick(piece.records());
    var steps = new ArrayList<Step>();
    for (int i = 0; i < picked.size(); i++) {
      var record = piece.records().get(i);
      var selected = picked.get(i).filter(this::take);
      if (selected.isPresent()) {
        steps.add(new Step(record.partition(), record.offset() + 1, selected));
      }
    }
    piece
        .reached()
        .forEach((partition, next) -> steps.add(new Step(partition, next, Optional.empty())));
    return steps;
  }

  boolean isDone() {
    return scan.isDone();
  }

  long takeLost() {
    return scan.takeLost();
  }

  @Override
  public void close() {
    scan.close();
    picker.close();
  }
}
