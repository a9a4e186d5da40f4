package dev.fanfare.sandbox.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.security.SecureRandom;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What decides reaches nothing: no Kafka client, HTTP client, meter, log, file, socket, thread,
/// clock or dice. Time and chance are parameters.
final class Purity {
  /// Packages that decide only.
  static final Set<String> PACKAGES =
      Set.of(
          "schemas.id",
          "schemas.json",
          "schemas.catalogue",
          "schemas.payload",
          "retry.ladder",
          "retry.deadletter",
          "dispatcher.access",
          "retry.replay",
          "dispatcher.subscription",
          "dispatcher.subscription.expression",
          "dispatcher.subscription.reading",
          "dispatcher.egress.signature",
          "dispatcher.egress.credential",
          "dispatcher.delivery.lane",
          "dispatcher.delivery.outcome",
          "dispatcher.delivery.offset",
          "dispatcher.ingest.adapter",
          "dispatcher.ingest.proof",
          "dispatcher.log.ledger",
          "dispatcher.log.entry",
          "dispatcher.log.alert");

  /// Types that decide only, in packages that act.
  static final Set<String> TYPES =
      Set.of(
          "retry.relay.RungGate",
          "retry.relay.Hop",
          "dispatcher.egress.Post",
          "dispatcher.egress.Reply",
          "dispatcher.egress.guard.AddressPolicy",
          "dispatcher.fanout.SubscriptionIndex",
          "dispatcher.fanout.Intake",
          "dispatcher.fanout.Fanout",
          "dispatcher.control.SecretRotation",
          "dispatcher.app.AclPlan",
          "dispatcher.cluster.Acl",
          "dispatcher.cluster.TopicPlan",
          "dispatcher.cluster.TopicCheck");

  /// Types that reach the world just by being used.
  private static final List<Pattern> WORLD =
      patterns(
          "org\\.apache\\.kafka\\..*",
          "okhttp3\\..*",
          "okio\\..*",
          "io\\.micrometer\\..*",
          "io\\.helidon\\..*",
          "io\\.confluent\\..*",
          "org\\.slf4j\\..*",
          "java\\.io\\.(File|FileInputStream|FileOutputStream|FileReader|FileWriter|RandomAccessFile)",
          "java\\.nio\\.(file|channels)\\..*",
          "java\\.net\\.http\\..*",
          "java\\.net\\.(Socket|ServerSocket|DatagramSocket|URL|URLConnection|HttpURLConnection)",
          "java\\.lang\\.(Thread|Process|ProcessBuilder|ProcessHandle|Runtime)",
          "java\\.util\\.(Timer|TimerTask|Random|SplittableRandom)",
          "java\\.util\\.concurrent\\.(Executor|.*Executor|.*ExecutorService|Executors|.*Future"
              + "|ThreadLocalRandom|.*Queue|.*Deque|CountDownLatch|CyclicBarrier|Semaphore)",
          "java\\.util\\.concurrent\\.locks\\..*");

  /// Members that ask for the time, chance, a name's address or the environment.
  private static final List<Pattern> QUESTIONS =
      patterns(
          "java\\.time\\.\\w+\\.now",
          "java\\.time\\.(Clock|InstantSource)\\.(system|tick).*",
          "java\\.lang\\.System\\.(currentTimeMillis|nanoTime|getenv|getProperty|out|err|in|exit)",
          "java\\.lang\\.Math\\.random",
          "java\\.util\\.UUID\\.randomUUID",
          "java\\.util\\.random\\.RandomGenerator\\.(of|getDefault)",
          "java\\.util\\.Date\\.<init>",
          "java\\.security\\.SecureRandom\\.(<init>|getInstance\\w*)",
          "java\\.net\\.InetAddress\\.(getByName|getAllByName|getLocalHost|isReachable"
              + "|getHostName|getCanonicalHostName)");

  private Purity() {}

  private static List<Pattern> patterns(String... each) {
    return List.of(each).stream().map(Pattern::compile).toList();
  }

  /// The rule for everything that is listed.
  static ArchRule rule() {
    return rule(Purity::isListed);
  }

  static ArchRule rule(Predicate<JavaClass> decides) {
    return classes()
        .that(describe("decide only", decides))
        .should(reachNothing())
        .allowEmptyShould(true);
  }

  private static boolean isListed(JavaClass type) {
    return PACKAGES.contains(belowRoot(type.getPackageName()))
        || TYPES.contains(belowRoot(outermost(type)));
  }

  private static String belowRoot(String name) {
    return name.startsWith(Layers.ROOT) ? name.substring(Layers.ROOT.length()) : name;
  }

  private static String outermost(JavaClass type) {
    var nested = type.getName().indexOf('$');
    return nested < 0 ? type.getName() : type.getName().substring(0, nested);
  }

  private static ArchCondition<JavaClass> reachNothing() {
    return new ArchCondition<>("reach nothing") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        type.getDirectDependenciesFromSelf().stream()
            .filter(dependency -> isOneOf(WORLD, dependency.getTargetClass().getName()))
            .forEach(dependency ->
                events.add(SimpleConditionEvent.violated(dependency, dependency.getDescription())));
        type.getAccessesFromSelf().stream() // method references too, which callMethod overlooks
            .filter(access -> isOneOf(QUESTIONS, member(access)))
            .filter(access -> !isOnlyItsOwnBase(access))
            .forEach(access ->
                events.add(SimpleConditionEvent.violated(access, access.getDescription())));
      }
    };
  }

  /// `SecureRandom` is the JDK's parameter type for dice; a class that hands out given bytes in its
  /// shape has to extend it.
  private static boolean isOnlyItsOwnBase(JavaAccess<?> access) {
    return access.getTarget().getName().equals("<init>")
        && access.getOriginOwner().isAssignableTo(SecureRandom.class);
  }

  private static String member(JavaAccess<?> access) {
    return access.getTargetOwner().getName() + "." + access.getTarget().getName();
  }

  private static boolean isOneOf(List<Pattern> patterns, String name) {
    return patterns.stream().anyMatch(pattern -> pattern.matcher(name).matches());
  }
}
