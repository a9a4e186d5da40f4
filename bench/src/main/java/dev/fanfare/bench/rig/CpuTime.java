package dev.fanfare.bench.rig;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;

/// Processor time of processes, their descendants included, as the system counts it.
public final class CpuTime {
  private final Map<String, Long> processes;

  /// @param processes name for the report and process id
  public CpuTime(Map<String, Long> processes) {
    this.processes = new LinkedHashMap<>(processes);
  }

  /// What each has used since it was started.
  public Map<String, Duration> now() {
    var all = new LinkedHashMap<String, Duration>();
    processes.forEach((name, pid) -> all.put(name, of(pid)));
    return all;
  }

  /// What each has used since an earlier [#now].
  public Map<String, Duration> since(Map<String, Duration> before) {
    var all = new LinkedHashMap<String, Duration>();
    now()
        .forEach(
            (name, used) -> all.put(name, used.minus(before.getOrDefault(name, Duration.ZERO))));
    return all;
  }

  public static Duration of(long pid) {
    return ProcessHandle.of(pid).stream()
        .flatMap(it -> Stream.concat(Stream.of(it), it.descendants()))
        .map(it -> it.info().totalCpuDuration().orElse(Duration.ZERO))
        .reduce(Duration.ZERO, Duration::plus);
  }
}
