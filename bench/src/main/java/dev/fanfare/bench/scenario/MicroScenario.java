package dev.fanfare.bench.scenario;

import dev.fanfare.bench.micro.DeliveryBenchmark;
import dev.fanfare.bench.result.Figures;
import dev.fanfare.bench.result.Plot;
import dev.fanfare.bench.result.Report;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `fanfare bench jmh`: the hot parts one by one.
@Command(
    name = "jmh",
    description =
        "The hot parts by themselves, by JMH: match, render, sign, decide, offsets, encode.")
public final class MicroScenario extends Scenario {
  private static final String ALLOCATED = "gc.alloc.rate.norm";
  private static final String[] FLAGS = {
    "-Xmx1g",
    "-XX:+UseSerialGC",
    "-XX:+UseCompactObjectHeaders",
    "--sun-misc-unsafe-memory-access=allow"
  };

  @Option(
      names = "--include",
      paramLabel = "REGEX",
      defaultValue = ".*",
      description = "Which of them, by class and method (default: all).")
  private String include = ".*";

  @Option(names = "--no-fork", description = "In this JVM; quicker, and no figures to believe in.")
  private boolean noFork;

  @Override
  Report measure() throws IOException {
    progress("JMH; a line when it is done");
    var variants = new ArrayList<Figures>();
    var bars = new LinkedHashMap<String, Double>();
    for (var result : results()) {
      var figures = figures(result);
      variants.add(figures);
      bars.put(figures.variant().replace(' ', '\n'), figures.value("micros").orElseThrow() * 1_000);
    }
    var columns = new LinkedHashMap<String, String>();
    columns.put("micros", "µs");
    columns.put("error_micros", "±");
    columns.put("allocated_bytes", "bytes");
    return new Report(
        "jmh", machine(), settings(), variants, columns, new Plot.Bars("Hot parts", "ns", bars));
  }

  private Iterable<RunResult> results() throws IOException {
    var seconds = TimeValue.milliseconds(Math.max(100, options().measured().toMillis() / 10));
    var settings =
        new OptionsBuilder()
            .include(DeliveryBenchmark.class.getPackageName() + ".*" + include)
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.MICROSECONDS)
            .warmupIterations(noFork ? 1 : 5)
            .warmupTime(seconds)
            .measurementIterations(noFork ? 1 : 5)
            .measurementTime(seconds)
            .forks(noFork ? 0 : options().repeats())
            .jvmArgs(FLAGS)
            .addProfiler(GCProfiler.class)
            .verbosity(VerboseMode.SILENT)
            .shouldFailOnError(true)
            .build();
    try {
      return new Runner(settings).run();
    } catch (RunnerException e) {
      throw new IOException("JMH could not run: " + e.getMessage(), e);
    }
  }

  private static Figures figures(RunResult result) {
    var benchmark = result.getParams();
    var name = benchmark.getBenchmark();
    var method = name.substring(name.lastIndexOf('.') + 1);
    var with =
        benchmark.getParamsKeys().stream()
            .map(key -> " " + benchmark.getParam(key) + " " + key)
            .collect(Collectors.joining());
    var primary = result.getPrimaryResult();
    var figures = new Figures(method + with).put("micros", primary.getScore());
    if (!Double.isNaN(primary.getScoreError())) {
      figures.put("error_micros", primary.getScoreError());
    }
    var allocated = result.getSecondaryResults().get(ALLOCATED);
    return allocated == null ? figures : figures.put("allocated_bytes", allocated.getScore());
  }
}
