package dev.fanfare.testkit.kafka;

import dev.fanfare.testkit.container.ContainerTests;
import dev.fanfare.testkit.container.Containers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/// The one broker that the integration tests of a JVM share: started at first use, in this JVM, or
/// as a container with `-Pcontainers`; gone with the JVM. Tests keep apart by [#prefix].
public final class SharedKafka {
  private static final AtomicInteger PREFIXES = new AtomicInteger();

  private SharedKafka() {}

  /// `host:port` for `bootstrap.servers`.
  public static String bootstrap() {
    return Started.BOOTSTRAP;
  }

  /// A prefix for topics, groups and transactional ids that nobody else has, e.g.
  /// `delivery-worker-it-1.`.
  public static String prefix(Class<?> test) {
    var words = test.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-");
    return words.toLowerCase(Locale.ROOT) + "-" + PREFIXES.incrementAndGet() + ".";
  }

  private static final class Started {
    private static final String BOOTSTRAP =
        ContainerTests.wanted() ? Containers.kafka(BrokerNode.tuning(1)) : embedded();

    private static String embedded() {
      try {
        var directory = Files.createTempDirectory("fanfare-kafka-");
        var broker = EmbeddedKafka.start(directory);
        Runtime.getRuntime()
            .addShutdownHook(new Thread(() -> stop(broker, directory), "stop-shared-kafka"));
        return broker.bootstrap();
      } catch (IOException e) {
        throw new UncheckedIOException("no directory for the shared broker", e);
      }
    }

    private static void stop(EmbeddedKafka broker, Path directory) {
      broker.close();
      try (var files = Files.walk(directory)) {
        for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      } catch (IOException e) {
        System.err.println(directory + " could not be deleted: " + e);
      }
    }
  }
}
