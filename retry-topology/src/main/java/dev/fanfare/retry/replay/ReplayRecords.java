package dev.fanfare.retry.replay;

import dev.fanfare.retry.deadletter.Fingerprint;
import dev.fanfare.retry.replay.ReplayState.Cancelled;
import dev.fanfare.retry.replay.ReplayState.Failed;
import dev.fanfare.retry.replay.ReplayState.Finished;
import dev.fanfare.retry.replay.ReplayState.Paused;
import dev.fanfare.retry.replay.ReplayState.Planned;
import dev.fanfare.retry.replay.ReplayState.Running;
import dev.fanfare.schemas.avro.Replay;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Between jobs and the records on `fanfare.replays`; [ReplayKey] says which there are.
public final class ReplayRecords {
  private ReplayRecords() {}

  public static Replay record(ReplayJob job) {
    var progress = job.state().progress();
    return order(job)
        .setRatePerSecond(job.rate().orElse(null))
        .setState(job.state().word())
        .setTotal(progress.total())
        .setReleased(progress.released())
        .setSkipped(progress.skipped())
        .setUnread(progress.unread())
        .setRepeats(progress.repeats())
        .setStartPositions(texts(progress.starts()))
        .setPositions(texts(progress.positions()))
        .setEndPositions(texts(progress.ends()))
        .setError(job.error().orElse(null))
        .setPicked(job.picked())
        .build();
  }

  /// What a person asks of a job.
  ///
  /// @param word `pause`, `resume` or `cancel`
  public static Replay command(ReplayJob job, String word, Instant now) {
    return Replay.newBuilder()
        .setId(job.id())
        .setTenant(job.tenant().orElse(null))
        .setSource(job.source().code())
        .setFilter(record(ReplayFilter.ALL))
        .setState(job.state().word())
        .setCreatedAt(millis(job.createdAt()))
        .setUpdatedAt(millis(now))
        .setCommand(word)
        .build();
  }

  private static Replay.Builder order(ReplayJob job) {
    return Replay.newBuilder()
        .setId(job.id())
        .setTenant(job.tenant().orElse(null))
        .setSource(job.source().code())
        .setFilter(record(job.filter()))
        .setCreatedAt(millis(job.createdAt()))
        .setUpdatedAt(millis(job.updatedAt()));
  }

  private static dev.fanfare.schemas.avro.ReplayFilter record(ReplayFilter filter) {
    return dev.fanfare.schemas.avro.ReplayFilter.newBuilder()
        .setSubscriptionId(filter.subscription().orElse(null))
        .setTenant(filter.tenant().orElse(null))
        .setTypes(filter.types().stream().sorted().toList())
        .setSince(filter.since().map(ReplayRecords::millis).orElse(null))
        .setUntil(filter.until().map(ReplayRecords::millis).orElse(null))
        .setStatus(filter.status().orElse(null))
        .setReasons(filter.reasons().stream().sorted().toList())
        .setDeliveryIds(filter.ids().stream().sorted().toList())
        .setFingerprint(filter.fingerprint().map(Fingerprint::value).orElse(null))
        .setRecipient(filter.recipient().orElse(null))
        .build();
  }

  /// @throws IllegalArgumentException if it is of a version that knows more than this one
  public static ReplayJob job(Replay record) {
    var state = state(record);
    var error = Optional.ofNullable(record.getError());
    return new ReplayJob(
        record.getId(),
        Optional.ofNullable(record.getTenant()),
        ReplaySource.find(record.getSource())
            .orElseThrow(
                () -> new IllegalArgumentException("an unknown source: " + record.getSource())),
        filter(record.getFilter()),
        Optional.ofNullable(record.getRatePerSecond()),
        state,
        record.getPicked(),
        state instanceof Failed ? Optional.empty() : error,
        record.getCreatedAt(),
        record.getUpdatedAt());
  }

  /// @throws IllegalArgumentException if the word is none
  public static Orders.Hold hold(Replay record) {
    return switch (String.valueOf(record.getCommand())) {
      case "pause" -> Orders.Hold.PAUSE;
      case "resume" -> Orders.Hold.RESUME;
      default -> throw new IllegalArgumentException("an unknown command: " + record.getCommand());
    };
  }

  private static ReplayState state(Replay record) {
    var progress =
        new Progress(
            record.getTotal(),
            record.getReleased(),
            record.getSkipped(),
            record.getUnread(),
            record.getRepeats(),
            numbers(record.getStartPositions()),
            numbers(record.getPositions()),
            numbers(record.getEndPositions()));
    boolean begun = !record.getEndPositions().isEmpty() || record.getTotal() > 0;
    return switch (record.getState()) {
      case "planned" -> new Planned();
      case "running" -> new Running(progress);
      case "paused" -> new Paused(begun, progress);
      case "finished" -> new Finished(progress);
      case "cancelled" -> new Cancelled(progress);
      case "failed" ->
          new Failed(
              progress, Optional.ofNullable(record.getError()).orElse("for no reason given"));
      default -> throw new IllegalArgumentException("an unknown state: " + record.getState());
    };
  }

  private static ReplayFilter filter(dev.fanfare.schemas.avro.ReplayFilter record) {
    return new ReplayFilter(
        Optional.ofNullable(record.getSubscriptionId()),
        Optional.ofNullable(record.getTenant()),
        Set.copyOf(record.getTypes()),
        Optional.ofNullable(record.getSince()),
        Optional.ofNullable(record.getUntil()),
        Optional.ofNullable(record.getStatus()),
        Set.copyOf(record.getReasons()),
        Optional.ofNullable(record.getFingerprint()).map(Fingerprint::new),
        Optional.ofNullable(record.getRecipient()),
        Set.copyOf(record.getDeliveryIds()));
  }

  private static Map<String, Long> texts(Map<Integer, Long> positions) {
    var texts = new HashMap<String, Long>();
    positions.forEach((partition, offset) -> texts.put(Integer.toString(partition), offset));
    return texts;
  }

  private static Map<Integer, Long> numbers(Map<String, Long> positions) {
    var numbers = new HashMap<Integer, Long>();
    positions.forEach((partition, offset) -> numbers.put(Integer.valueOf(partition), offset));
    return numbers;
  }

  private static Instant millis(Instant time) {
    return time.truncatedTo(ChronoUnit.MILLIS);
  }
}
