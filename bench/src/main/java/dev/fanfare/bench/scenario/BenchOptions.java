package dev.fanfare.bench.scenario;

import dev.fanfare.bench.rig.Nginx;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// What all scenarios can be told.
public final class BenchOptions {
  @Option(names = "--json", paramLabel = "FILE", description = "Where to write the figures.")
  private @Nullable Path json;

  @Option(names = "--svg", paramLabel = "FILE", description = "Where to draw them.")
  private @Nullable Path svg;

  @Option(
      names = "--repeats",
      defaultValue = "3",
      description =
          "How often each figure is measured, floor and pipe in turn; the median counts (default:"
              + " ${DEFAULT-VALUE}).")
  private int repeats;

  @Option(
      names = "--seconds",
      defaultValue = "10",
      description = "How long is measured what has no end of its own (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "6",
      description = "How long is done beforehand what is measured (default: ${DEFAULT-VALUE}).")
  private int warmUp;

  @Option(
      names = "--deliveries",
      defaultValue = "150000",
      description = "How many make up a burst (default: ${DEFAULT-VALUE}).")
  private int deliveries;

  @Option(
      names = "--endpoints",
      defaultValue = "200",
      description = "How many there are, a subscription each (default: ${DEFAULT-VALUE}).")
  private int endpoints;

  @Option(
      names = "--partitions",
      defaultValue = "4",
      description = "Of the topics (default: ${DEFAULT-VALUE}).")
  private int partitions;

  @Option(
      names = "--payload",
      paramLabel = "BYTES",
      defaultValue = "1024",
      description = "Of one POST (default: ${DEFAULT-VALUE}).")
  private int payload;

  @Option(
      names = "--in-flight",
      defaultValue = "64",
      description = "POSTs of the bare loop at the same time (default: ${DEFAULT-VALUE}).")
  private int inFlight;

  @Option(
      names = "--jvm",
      paramLabel = "FLAG",
      split = " ",
      defaultValue = "-Xmx512m",
      description =
          "Flags for the JVMs of dispatcher and bare loop, in one word (default:"
              + " ${DEFAULT-VALUE}).")
  private List<String> jvm = List.of();

  @Option(
      names = "--nginx",
      paramLabel = "FILE",
      description = "The program of nginx, the receiver for throughput; else the one on the path.")
  private @Nullable Path nginx;

  @Option(
      names = "--own-receiver",
      description = "Measure throughput with Fanfare's own receiver though nginx is there.")
  private boolean ownReceiver;

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      defaultValue = ".fanfare/bench",
      description = "Where broker and logs write (default: ${DEFAULT-VALUE}).")
  private Path directory = Path.of(".fanfare/bench");

  @Option(names = "--keep", description = "Leave there what was written.")
  private boolean keep;

  public Optional<Path> json() {
    return Optional.ofNullable(json);
  }

  public Optional<Path> svg() {
    return Optional.ofNullable(svg);
  }

  public int repeats() {
    return repeats;
  }

  public Duration measured() {
    return Duration.ofSeconds(seconds);
  }

  public Duration warmUp() {
    return Duration.ofSeconds(warmUp);
  }

  public int deliveries() {
    return deliveries;
  }

  public int endpoints() {
    return endpoints;
  }

  public int partitions() {
    return partitions;
  }

  public int payload() {
    return payload;
  }

  public int inFlight() {
    return inFlight;
  }

  public List<String> jvm() {
    return jvm;
  }

  /// The program of nginx, unless it is missing or not wanted.
  public @Nullable Path nginx() {
    if (ownReceiver) {
      return null;
    }
    return nginx == null ? Nginx.program().orElse(null) : nginx;
  }

  public Path directory() {
    return directory;
  }

  public boolean keep() {
    return keep;
  }
}
