package dev.fanfare.dispatcher.cli;

import dev.fanfare.dispatcher.cluster.Mismatch;
import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `fanfare topics`: what the cluster must have.
@Command(
    name = "topics",
    description = "Makes the topics that Fanfare needs, or checks them.",
    synopsisSubcommandLabel = "COMMAND")
final class TopicsCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "create or verify?");
  }

  @Command(
      name = "create",
      description = {
        "Makes the topics that are missing, and returns when all of them have leaders.",
        "Topics that exist are left as they are; what is wrong with them is told."
      },
      footer = {"", "Example:", "  fanfare topics create --config fanfare.yaml"})
  int create(@Mixin ConfigOptions options) {
    var config = options.load();
    var plan = TopicPlan.of(config.topics(), config.ladder());
    try (var admin = TopicAdmin.connect(config.kafka())) {
      var created = admin.createMissing(plan);
      created.forEach(name -> out().println("created " + name));
      out()
          .printf(
              "%d created, %d existed%n", created.size(), plan.topics().size() - created.size());
      return report(admin.verify(plan), plan);
    }
  }

  @Command(
      name = "verify",
      description = "Compares the cluster's topics with what is needed; changes nothing.",
      footer = {"", "Exit code 1 if records would be lost, 0 otherwise."})
  int verify(@Mixin ConfigOptions options) {
    var config = options.load();
    var plan = TopicPlan.of(config.topics(), config.ladder());
    try (var admin = TopicAdmin.connect(config.kafka())) {
      return report(admin.verify(plan), plan);
    }
  }

  private int report(List<Mismatch> mismatches, TopicPlan plan) {
    var out = out();
    for (var mismatch : mismatches) {
      out.println((mismatch.isFatal() ? "WRONG    " : "warning  ") + mismatch);
    }
    if (mismatches.isEmpty()) {
      out.printf("all %d topics are as needed%n", plan.topics().size());
    }
    out.flush();
    return mismatches.stream().anyMatch(Mismatch::isFatal) ? ExitCode.FAILED : ExitCode.OK;
  }

  private PrintWriter out() {
    return spec.commandLine().getOut();
  }
}
