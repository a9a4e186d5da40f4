package dev.fanfare.bench.scenario;

import dev.fanfare.bench.result.Report;
import dev.fanfare.bench.rig.Machine;
import dev.fanfare.dispatcher.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// A scenario as a command: measures and tells the figures.
public abstract class Scenario implements Callable<Integer> {
  @Mixin private BenchOptions options = new BenchOptions();

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  private final long began = System.nanoTime();

  abstract Report measure() throws IOException;

  @Override
  public final Integer call() throws IOException {
    var report = measure();
    var out = spec.commandLine().getOut();
    out.println();
    out.println(report.table());
    out.flush();
    if (options.json().isPresent()) {
      Files.writeString(options.json().get(), report.json());
    }
    if (options.svg().isPresent()) {
      Files.writeString(options.svg().get(), report.plot().svg());
    }
    return ExitCode.OK;
  }

  final BenchOptions options() {
    return options;
  }

  /// What it is run with; scenarios add theirs.
  Map<String, Object> settings() {
    var all = new LinkedHashMap<String, Object>();
    all.put("repeats", options.repeats());
    return all;
  }

  final Map<String, Object> machine() {
    return Machine.described();
  }

  /// A line for those who wait.
  final void progress(String what) {
    var err = spec.commandLine().getErr();
    err.printf("[%3d s] %s%n", (System.nanoTime() - began) / 1_000_000_000, what);
    err.flush();
  }
}
