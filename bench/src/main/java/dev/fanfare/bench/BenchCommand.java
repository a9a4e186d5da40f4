package dev.fanfare.bench;

import dev.fanfare.bench.scenario.IdleScenario;
import dev.fanfare.bench.scenario.IsolationScenario;
import dev.fanfare.bench.scenario.LatencyScenario;
import dev.fanfare.bench.scenario.LimitScenario;
import dev.fanfare.bench.scenario.MicroScenario;
import dev.fanfare.bench.scenario.PeerScenario;
import dev.fanfare.bench.scenario.RecoveryScenario;
import dev.fanfare.bench.scenario.ScaleScenario;
import dev.fanfare.bench.scenario.StormScenario;
import dev.fanfare.bench.scenario.ThroughputScenario;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `fanfare bench`.
@Command(
    name = "bench",
    description =
        "Measures the whole pipe on this machine: broker, dispatcher and receiver each in a process"
            + " of its own, against a floor that is measured in the same run. Nothing else should"
            + " be running.",
    subcommands = {
      LimitScenario.class,
      ThroughputScenario.class,
      LatencyScenario.class,
      IsolationScenario.class,
      PeerScenario.class,
      StormScenario.class,
      RecoveryScenario.class,
      IdleScenario.class,
      ScaleScenario.class,
      MicroScenario.class
    })
final class BenchCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a scenario is missing");
  }
}
