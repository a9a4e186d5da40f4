package dev.fanfare.testkit.container;

import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.kafka.KafkaContainer;
import org.testcontainers.utility.DockerImageName;

/// Starts containers that live until this JVM ends. Which images, the system properties
/// `fanfare.test.kafka.image` and `fanfare.test.registry.image` say (the profile `containers` sets
/// them to the versions that the build uses).
public final class Containers {
  private static final int REGISTRY_PORT = 8080;
  private static final Duration READY_WITHIN = Duration.ofMinutes(5);

  private Containers() {}

  /// @param settings broker settings, by their names in `server.properties`
  /// @return `host:port` for `bootstrap.servers`
  @SuppressWarnings("resource") // stopped when this JVM ends
  public static String kafka(Map<String, String> settings) {
    var broker = new KafkaContainer(image("kafka")).withStartupTimeout(READY_WITHIN);
    settings.forEach((key, value) -> broker.withEnv(variable(key), value));
    return started(broker).getBootstrapServers();
  }

  /// @param environment variables for the registry
  /// @return its address, without a path
  @SuppressWarnings("resource") // stopped when this JVM ends
  public static String registry(Map<String, String> environment) {
    var registry =
        new GenericContainer<>(image("registry"))
            .withEnv(environment)
            .withExposedPorts(REGISTRY_PORT)
            .waitingFor(
                Wait.forHttp("/apis/ccompat/v7/subjects")
                    .forPort(REGISTRY_PORT)
                    .withStartupTimeout(READY_WITHIN));
    started(registry);
    return "http://" + registry.getHost() + ":" + registry.getMappedPort(REGISTRY_PORT);
  }

  private static DockerImageName image(String of) {
    var property = "fanfare.test." + of + ".image";
    var name = System.getProperty(property);
    if (name == null) {
      throw new IllegalStateException(property + " is not set; run with -Pcontainers");
    }
    return DockerImageName.parse(name);
  }

  private static String variable(String key) {
    return "KAFKA_" + key.replace('.', '_').toUpperCase(Locale.ROOT);
  }

  private static <C extends GenericContainer<?>> C started(C container) {
    container.start();
    // Testcontainers has a reaper for this, where it is allowed to run.
    Runtime.getRuntime().addShutdownHook(new Thread(container::stop, "stop-container"));
    return container;
  }
}
