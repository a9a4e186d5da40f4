package dev.fanfare.sandbox.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.lang.ArchRule;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Which package of ours may use which, in the order an event meets them. What is not listed is
/// forbidden; a package that is not listed may not exist.
///
/// The rules behind it: stages (`fanout`, `delivery`, `retry.relay`, `retry.replay`, `log`) meet on
/// topics and never import each other; every arrow points down.
final class Layers {
  static final String ROOT = "dev.fanfare.";

  /// What everybody needs who reads or writes a topic.
  private static final String[] TOPICS = {
    "schemas.id", "schemas.avro", "schemas.topic", "schemas.serde"
  };

  static final Map<String, Set<String>> MAY_USE = new LinkedHashMap<>();

  static {
    // What travels.
    allow("schemas.id");
    allow("schemas.avro");
    allow("schemas.json", "schemas.avro");
    allow("schemas.catalogue", "schemas.avro", "schemas.json");
    allow("schemas.serde", "schemas.avro");
    allow("schemas.topic", "schemas.avro", "schemas.serde");
    allow("schemas.payload", "schemas.id", "schemas.avro", "schemas.json", "schemas.catalogue");

    // How a delivery waits.
    allow("retry.ladder");
    allow("retry.transfer", "schemas.topic");
    allow("retry.deadletter", "schemas.id", "schemas.avro");
    allow("retry.relay", with(TOPICS, "retry.ladder", "retry.transfer"));
    allow("retry.replay", "retry.deadletter", "schemas.id", "schemas.avro");
    allow(
        "retry.replay.runner",
        with(TOPICS, "retry.replay", "retry.transfer")); // what acts, apart from what decides

    // The application.
    allow("dispatcher.egress.signature", "schemas.id");
    allow("dispatcher.egress.guard");
    allow("dispatcher.egress.credential"); // what an endpoint wants to see besides signatures
    allow(
        "dispatcher.egress",
        "dispatcher.egress.credential",
        "dispatcher.egress.signature",
        "dispatcher.egress.guard",
        "schemas.id");
    allow("dispatcher.telemetry"); // what Kafka's clients measure, traces, log lines
    allow("dispatcher.feed", with(TOPICS)); // any compacted topic in memory
    allow("dispatcher.sealing"); // what is secret in Kafka, whoever's it is
    allow("dispatcher.access", "schemas.avro"); // the API's keys, their roles
    allow("dispatcher.access.feed", with(TOPICS, "dispatcher.access", "dispatcher.feed"));
    allow("dispatcher.subscription.expression", "schemas.avro"); // CEL, which nobody else knows
    allow(
        "dispatcher.subscription",
        "dispatcher.subscription.expression",
        "dispatcher.egress.signature", // a subscription's secrets
        "dispatcher.egress.credential",
        "retry.ladder",
        "schemas.id",
        "schemas.avro",
        "schemas.catalogue");
    allow(
        "dispatcher.subscription.reading",
        "dispatcher.subscription",
        "dispatcher.subscription.expression",
        "dispatcher.egress", // which timeouts there may be
        "dispatcher.egress.credential",
        "dispatcher.egress.signature",
        "retry.ladder",
        "schemas.id",
        "schemas.avro",
        "schemas.json");
    // One place where a subscription's secrets are sealed and opened, for its writers and its
    // reader.
    allow(
        "dispatcher.subscription.sealing",
        "dispatcher.sealing",
        "dispatcher.subscription.reading", // what is wrong with a record
        "schemas.avro");
    allow(
        "dispatcher.subscription.feed",
        with(
            TOPICS,
            "dispatcher.feed",
            "dispatcher.subscription.sealing",
            "dispatcher.subscription",
            "dispatcher.subscription.reading",
            "dispatcher.egress.signature",
            "retry.ladder",
            "schemas.catalogue"));
    allow(
        "dispatcher.fanout",
        with(
            TOPICS,
            "dispatcher.subscription.expression", // how often one failed
            "dispatcher.subscription",
            "dispatcher.subscription.feed",
            "schemas.catalogue",
            "schemas.payload"));
    allow("dispatcher.delivery.lane");
    allow("dispatcher.delivery.offset");
    allow(
        "dispatcher.delivery.outcome",
        "dispatcher.egress", // its Reply
        "dispatcher.subscription",
        "retry.ladder",
        "retry.deadletter");
    allow(
        "dispatcher.delivery.worker",
        with(
            TOPICS,
            "dispatcher.delivery.lane",
            "dispatcher.delivery.offset",
            "dispatcher.delivery.outcome",
            "dispatcher.egress",
            "dispatcher.egress.signature",
            "dispatcher.subscription",
            "dispatcher.subscription.feed",
            "dispatcher.telemetry", // traces: exemplars, log lines, spans
            "retry.ladder",
            "retry.transfer",
            "retry.deadletter",
            "schemas.catalogue", // outcomes are counted by type
            "schemas.payload")); // the format decides the headers of a POST
    allow("dispatcher.log.ledger");
    allow("dispatcher.log.alert");
    // Apart from the log: it tells whoever is to be told, by the way out that deliveries take.
    allow("dispatcher.log.notify", "dispatcher.egress", "dispatcher.egress.signature");
    allow("dispatcher.log.entry", "dispatcher.log.ledger", "schemas.avro");
    allow(
        "dispatcher.log.topology",
        with(
            TOPICS,
            "dispatcher.log.entry",
            "dispatcher.log.ledger",
            "retry.deadletter")); // the fingerprint by which dead letters are grouped
    allow("dispatcher.log.live", "dispatcher.log.entry");
    allow(
        "dispatcher.log.query",
        with(TOPICS, "dispatcher.log.entry", "dispatcher.log.ledger", "dispatcher.log.topology"));
    allow(
        "dispatcher.log",
        with(
            TOPICS,
            "dispatcher.log.entry",
            "dispatcher.log.ledger",
            "dispatcher.log.topology",
            "dispatcher.log.live",
            "dispatcher.log.query"));
    allow(
        "dispatcher.control",
        with(
            TOPICS,
            "dispatcher.access",
            "dispatcher.feed",
            "dispatcher.subscription",
            "dispatcher.subscription.reading",
            "dispatcher.subscription.feed",
            "dispatcher.subscription.sealing",
            "dispatcher.egress.signature",
            "dispatcher.egress", // endpoints are tried out
            "dispatcher.egress.guard", // URLs are refused at the door
            "retry.replay",
            "retry.ladder",
            "schemas.catalogue",
            "schemas.payload"));
    // What the log shows, judged by rules that people write: above both, since it writes what is
    // decided, as control does, and asks the log.
    allow(
        "dispatcher.alerting",
        with(
            TOPICS,
            "dispatcher.feed",
            "dispatcher.control",
            "dispatcher.log",
            "dispatcher.log.alert",
            "dispatcher.log.entry",
            "dispatcher.log.ledger",
            "dispatcher.log.notify",
            "dispatcher.log.query",
            "retry.ladder")); // how durations are written
    // What other senders of mail report: understood and proven without touching anything, then
    // handed to control like any event. Apart from api, which only carries it.
    allow(
        "dispatcher.ingest.adapter",
        "schemas.id", // which ids may be events'
        "schemas.json",
        "schemas.payload"); // how much a field takes
    allow("dispatcher.ingest.proof", "dispatcher.egress.signature"); // Resend signs as we do
    allow(
        "dispatcher.ingest",
        "dispatcher.ingest.adapter",
        "dispatcher.ingest.proof",
        "dispatcher.control",
        "dispatcher.egress", // SNS's certificates are fetched
        "schemas.id");
    allow("dispatcher.api.exchange", "dispatcher.access"); // who calls
    allow(
        "dispatcher.api.history",
        "dispatcher.access", // who calls
        "dispatcher.api.exchange",
        "dispatcher.log",
        "dispatcher.log.entry",
        "dispatcher.log.ledger",
        "dispatcher.log.live",
        "dispatcher.log.query",
        "retry.ladder", // how durations are written
        "schemas.id",
        "schemas.avro");
    allow(
        "dispatcher.api",
        "dispatcher.access",
        "dispatcher.alerting",
        "dispatcher.api.exchange",
        "dispatcher.control",
        "dispatcher.egress", // what an endpoint that is tried out replies
        "dispatcher.ingest",
        "dispatcher.ingest.adapter",
        "dispatcher.log",
        "dispatcher.log.alert", // the rules
        "dispatcher.log.notify", // names of channels
        "dispatcher.subscription",
        "retry.replay",
        "retry.deadletter", // fingerprints
        "retry.ladder", // how durations are written
        "schemas.id",
        "schemas.avro",
        "schemas.catalogue",
        "schemas.payload");
    allow("dispatcher.console", "dispatcher.api", "dispatcher.api.exchange");
    allow("dispatcher.cluster", "schemas.topic", "retry.ladder");
    allow("dispatcher.config", everythingSoFarBut("dispatcher.console"));
    allow("dispatcher.app", everythingSoFarBut());
    allow(
        "dispatcher.cli",
        "dispatcher.app",
        "dispatcher.config",
        "dispatcher.cluster",
        "dispatcher.sealing", // `fanfare keyset`
        "dispatcher.egress.signature"); // `fanfare listen` verifies

    // For receivers: on its own, since they depend on it or copy it.
    allow("verifier");

    // Below everything, for tests and the sandbox.
    allow("testkit.process");
    allow("testkit.container");
    allow("testkit.time");
    allow("testkit.seed");
    allow("testkit.receiver");
    allow(
        "testkit.kafka",
        "testkit.process",
        "testkit.container",
        "testkit.receiver"); // certificates
    allow("testkit.registry", "testkit.process", "testkit.container");

    allow("sandbox.demo", "schemas.avro", "schemas.catalogue");
    allow("sandbox", everythingSoFarBut());
  }

  private Layers() {}

  private static void allow(String name, String... others) {
    if (MAY_USE.put(name, Set.of(others)) != null) {
      throw new IllegalStateException(name + " is listed twice");
    }
  }

  private static String[] with(String[] some, String... more) {
    var all = Arrays.copyOf(some, some.length + more.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }

  private static String[] everythingSoFarBut(String... names) {
    var all = new HashSet<>(MAY_USE.keySet());
    Arrays.asList(names).forEach(all::remove);
    return all.toArray(String[]::new);
  }

  /// The package uses itself, what is allowed, and what is not ours.
  static ArchRule usesOnly(String name, Set<String> allowed) {
    var ours = allowed.stream().map(other -> ROOT + other).collect(Collectors.toSet());
    ours.add(ROOT + name);
    return classes()
        .that(resideInAPackage(ROOT + name))
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(ours.toArray(String[]::new))
                .or(describe("not ours", other -> !other.getPackageName().startsWith(ROOT))))
        .allowEmptyShould(true); // packages may still be on their way
  }

  /// No package uses one that uses it, however far round.
  static ArchRule freeOfCycles(String below) {
    return slices().matching(below + "(**)").should().beFreeOfCycles().allowEmptyShould(true);
  }
}
