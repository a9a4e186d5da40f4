package dev.fanfare.dispatcher.reference;

import static java.util.stream.Collectors.joining;

import dev.fanfare.dispatcher.app.AclPlan;
import dev.fanfare.dispatcher.app.Role;
import dev.fanfare.dispatcher.cluster.Acl;
import dev.fanfare.dispatcher.config.ConfigFile;
import dev.fanfare.dispatcher.config.FanfareConfig;
import java.io.IOException;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// `acls.md` says what each role must be allowed with the default names.
class AclsReferenceTest {
  @Test
  void isWhatIsAskedFor() throws IOException {
    var topics = FanfareConfig.load(ConfigFile.empty(), Map.of()).topics().topics();
    var page =
        new StringBuilder(
            """
            # Access to Kafka

            Written by `make docs` from `AclPlan`: what a process of each role must be allowed on a cluster with
            ACLs, and nothing more; a process of several roles needs what each of them needs. A name that ends in
            `*` is a prefix (`--resource-pattern-type prefixed`), of any host. `fanfare topics acls` prints the
            same as commands of `kafka-acls`, with the names of your configuration; `SecuredKafkaIT` runs on it.
            Nothing is needed on the cluster itself: idempotent producers need no `IdempotentWrite` since Kafka 3.0.

            """);
    var common = AclPlan.of(topics, Set.of());
    page.append(section("Every role", common));
    for (var role : Role.values()) {
      var more = new TreeSet<>(AclPlan.of(topics, Set.of(role)));
      more.removeAll(common);
      page.append(section("`" + role.word() + "`", more));
    }
    page.append(section("Whoever runs `fanfare topics create`", AclPlan.toMakeTopics(topics)));
    new Reference("acls.md").holds(page.toString().stripTrailing() + "\n");
  }

  private static String section(String title, Collection<Acl> acls) {
    var operations = new LinkedHashMap<List<String>, TreeSet<String>>();
    for (var acl : acls) {
      var name = acl.name() + (acl.match() == Acl.Match.PREFIXED ? "*" : "");
      operations
          .computeIfAbsent(List.of(acl.kind().word(), name), _ -> new TreeSet<>())
          .add(acl.operation().word());
    }
    var rows =
        operations.entrySet().stream()
            .map(it ->
                "| %s | `%s` | %s |\n"
                    .formatted(
                        it.getKey().getFirst(),
                        it.getKey().getLast(),
                        String.join(", ", it.getValue())))
            .sorted()
            .collect(joining());
    return "## %s\n\n| resource | name | operations |\n|---|---|---|\n%s\n".formatted(title, rows);
  }
}
