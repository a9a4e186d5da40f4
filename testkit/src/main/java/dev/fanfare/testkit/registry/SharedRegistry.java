package dev.fanfare.testkit.registry;

import dev.fanfare.testkit.container.ContainerTests;
import dev.fanfare.testkit.container.Containers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;

/// The one schema registry that the integration tests of a JVM share: started at first use, as a
/// child process, or as a container with `-Pcontainers`; gone with the JVM.
public final class SharedRegistry {
  private SharedRegistry() {}

  /// Where Confluent's API is, for `schema.registry.url`.
  public static String url() {
    return Started.URL;
  }

  private static final class Started {
    private static final String URL =
        ContainerTests.wanted()
            ? Containers.registry(RegistryProcess.rules()) + RegistryProcess.CONFLUENT_API
            : child();

    private static String child() {
      try {
        // Ends with this JVM, as every child process of ours does.
        return RegistryProcess.start(Files.createTempFile("fanfare-registry-", ".log")).url();
      } catch (IOException e) {
        throw new UncheckedIOException("no log file for the shared registry", e);
      }
    }
  }
}
