package dev.fanfare.dispatcher.cli;

import dev.fanfare.dispatcher.app.AclPlan;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.cluster.Mismatch;
import dev.fanfare.dispatcher.cluster.TopicAdmin;
import dev.fanfare.dispatcher.cluster.TopicPlan;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `fanfare topics`: what the cluster must have.
@Command(
    name = "topics",
    description = "Makes the topics that Fanfare needs, checks them, or says who may use them.",
    synopsisSubcommandLabel = "COMMAND")
final class TopicsCommand implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "create, verify or acls?");
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

  @Command(
      name = "acls",
      description = {
        "Prints what has to be allowed on a cluster with ACLs, as commands of kafka-acls:",
        "for a process with the configuration's roles, and for whoever makes the topics."
      },
      footer = {
        "",
        "Example:",
        "  FANFARE_ROLES=deliver fanfare topics acls --principal User:fanfare-deliver"
      })
  int acls(
      @Mixin ConfigOptions options,
      @Option(
              names = "--principal",
              defaultValue = "User:fanfare",
              description = "Whom to allow it, as Kafka calls it; ${DEFAULT-VALUE} by default.",
              paramLabel = "TYPE:NAME")
          String principal,
      @Option(
              names = "--to-make-topics",
              description = "What `fanfare topics create` needs instead.")
          boolean toMakeTopics) {
    var config = options.load();
    var topics = config.topics().topics();
    var roles = config.roles().stream().flatMap(word -> Role.find(word).stream()).toList();
    var acls = toMakeTopics ? AclPlan.toMakeTopics(topics) : AclPlan.of(topics, roles);
    for (var acl : acls) {
      out()
          .printf(
              "kafka-acls --bootstrap-server %s %s%n",
              config.kafka().bootstrap(), acl.arguments("'" + principal + "'"));
    }
    out().flush();
    return ExitCode.OK;
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
