package dev.fanfare.bench.rig;

import dev.fanfare.bench.result.Flame;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;

/// What the JVM's flight recorder saw of a dispatcher: on which stacks it spent its processor time.
public final class Recording {
  private static final Set<String> CPU = Set.of("jdk.CPUTimeSample");
  private static final Set<String> EXECUTION =
      Set.of("jdk.ExecutionSample", "jdk.NativeMethodSample");

  private Recording() {}

  /// Flags by which a JVM records into a file until it ends: by processor time, where it can.
  public static List<String> flags(Path file) {
    return List.of(
        "-XX:StartFlightRecording=filename="
            + file
            + ",dumponexit=true,settings=profile,jdk.CPUTimeSample#enabled=true,"
            + "jdk.CPUTimeSample#throttle=5ms",
        "-XX:FlightRecorderOptions=stackdepth=96");
  }

  /// To be called when the JVM has ended.
  public static Flame flame(String title, Path file) throws IOException {
    var flame = new Flame(title);
    read(file, CPU, flame);
    if (flame.samples() == 0) {
      read(file, EXECUTION, flame); // a system without processor time for samples
    }
    return flame;
  }

  private static void read(Path file, Set<String> kinds, Flame into) throws IOException {
    try (var recording = new RecordingFile(file)) {
      while (recording.hasMoreEvents()) {
        var event = recording.readEvent();
        if (kinds.contains(event.getEventType().getName()) && event.getStackTrace() != null) {
          into.add(stack(event));
        }
      }
    }
  }

  private static List<String> stack(RecordedEvent event) {
    var stack = new ArrayList<String>();
    for (var frame : event.getStackTrace().getFrames()) {
      var method = frame.getMethod();
      if (method != null) {
        stack.add(method.getType().getName() + "." + method.getName());
      }
    }
    Collections.reverse(stack);
    return stack;
  }
}
