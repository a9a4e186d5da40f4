package dev.fanfare.testkit.container;

/// Whether this run of the tests is to use containers. Apart from [Containers], which needs
/// Testcontainers to be there.
public final class ContainerTests {
  private ContainerTests() {}

  public static boolean wanted() {
    return "containers".equals(System.getProperty("fanfare.test.kafka"));
  }
}
