package dev.fanfare.testkit.process;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// What a child JVM is to run.
///
/// @param name for messages
/// @param mainClass class whose `main` is run
/// @param classPath class path; [#ourClassPath] for that of this JVM
/// @param jvmFlags flags of the JVM itself
/// @param arguments arguments of the program
/// @param environment variables on top of the inherited ones
/// @param directory working directory
/// @param log file that standard output and error are appended to
public record Launch(
    String name,
    String mainClass,
    String classPath,
    List<String> jvmFlags,
    List<String> arguments,
    Map<String, String> environment,
    Path directory,
    Path log) {
  /// Little memory, quick start: for children that serve a test or a developer.
  public static final List<String> SMALL_JVM =
      List.of("-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xss512k");

  /// What Kafka asks of a Java 25.
  public static final List<String> KAFKA_FLAGS =
      List.of("--sun-misc-unsafe-memory-access=allow", "--enable-native-access=ALL-UNNAMED");

  public Launch {
    jvmFlags = List.copyOf(jvmFlags);
    arguments = List.copyOf(arguments);
    environment = Map.copyOf(environment);
  }

  /// The class path of this JVM.
  public static String ourClassPath() {
    return System.getProperty("java.class.path", "");
  }
}
