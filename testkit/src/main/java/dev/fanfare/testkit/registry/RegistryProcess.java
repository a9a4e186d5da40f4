package dev.fanfare.testkit.registry;

import dev.fanfare.testkit.process.ChildProcess;
import dev.fanfare.testkit.process.Launch;
import dev.fanfare.testkit.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Apicurio Registry in a child JVM, on the loopback address, refusing schemas that could not read
/// what any earlier one wrote (`BACKWARD_TRANSITIVE`): topics keep records of all of them.
///
/// Its program is the unpacked folder that the system property `fanfare.registry.home` names, or
/// `registry/` below `fanfare.home`. One thread at a time kills and restarts.
public final class RegistryProcess implements AutoCloseable {
  static final String CONFLUENT_API = "/apis/ccompat/v7";
  private static final Duration READY_WITHIN = Duration.ofSeconds(60);
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final int port;
  private final Launch launch;
  private ChildProcess process;

  private RegistryProcess(int port, Launch launch) {
    this.port = port;
    this.launch = launch;
    this.process = ChildProcess.start(launch);
  }

  /// A registry on a free port that forgets all when it ends; returns when it serves.
  ///
  /// @param log file that its output is appended to
  public static RegistryProcess start(Path log) {
    var started = launch(Ports.free(), environment(), List.of(), log);
    started.awaitReady();
    return started;
  }

  /// A registry that keeps its schemas below `data`; returns at once, see [#awaitReady].
  ///
  /// @param log file that its output is appended to
  /// @throws IllegalStateException if the port is in use or the program is not there
  public static RegistryProcess launch(int port, Path data, Path log) throws IOException {
    Files.createDirectories(data);
    var environment = environment();
    var file = data.toAbsolutePath().resolve("registry");
    // Written at each commit, so that a kill loses nothing that was acknowledged.
    environment.put("APICURIO_DATASOURCE_URL", "jdbc:h2:file:" + file + ";WRITE_DELAY=0");
    return launch(port, environment, remembersItsClasses(), log);
  }

  /// The JVM writes down its classes when it ends for the first time; with them the next start is
  /// quicker.
  private static List<String> remembersItsClasses() {
    return List.of(
        "-XX:+AutoCreateSharedArchive",
        "-XX:SharedArchiveFile=" + home().resolve("registry.jsa"),
        "-Xlog:disable",
        "-Xlog:all=error:stderr");
  }

  private static RegistryProcess launch(
      int port, Map<String, String> environment, List<String> more, Path log) {
    Ports.requireFree(port);
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    var home = home();
    var flags = new ArrayList<>(Launch.SMALL_JVM);
    flags.add("-Xmx64m");
    flags.addAll(more);
    return new RegistryProcess(
        port,
        new Launch(
            "the schema registry",
            "io.quarkus.bootstrap.runner.QuarkusEntryPoint",
            home.resolve("quarkus-run.jar").toString(),
            flags,
            List.of(),
            environment,
            home,
            log.toAbsolutePath()));
  }

  private static Map<String, String> environment() {
    var environment = new HashMap<>(rules());
    environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
    environment.put("QUARKUS_MANAGEMENT_HOST", "127.0.0.1"); // else port 9000 on all addresses
    environment.put("QUARKUS_MANAGEMENT_PORT", Integer.toString(Ports.free()));
    environment.put("APICURIO_DATASOURCE_JDBC_INITIAL_SIZE", "2");
    environment.put("APICURIO_DATASOURCE_JDBC_MIN_SIZE", "2");
    environment.put("APICURIO_DATASOURCE_JDBC_MAX_SIZE", "10");
    return environment;
  }

  /// What the registry lets happen, wherever it runs.
  static Map<String, String> rules() {
    return Map.of(
        "APICURIO_RULES_GLOBAL_COMPATIBILITY", "BACKWARD_TRANSITIVE",
        "APICURIO_REST_DELETION_ARTIFACT_ENABLED", "true",
        "APICURIO_REST_DELETION_ARTIFACT_VERSION_ENABLED", "true");
  }

  private static Path home() {
    var named = System.getProperty("fanfare.registry.home");
    var home =
        named != null
            ? Path.of(named)
            : Path.of(System.getProperty("fanfare.home", "."), "registry");
    if (!Files.exists(home.resolve("quarkus-run.jar"))) {
      throw new IllegalStateException(
          "no schema registry in " + home.toAbsolutePath() + " (fanfare.registry.home)");
    }
    return home.toAbsolutePath();
  }

  /// Waits until it serves.
  ///
  /// @throws IllegalStateException if it does not; the end of its log is in the message
  public void awaitReady() {
    process.awaitReady(this::serves, READY_WITHIN);
  }

  private boolean serves() {
    var subjects =
        HttpRequest.newBuilder(URI.create(url() + "/subjects")).timeout(PATIENCE).build();
    try {
      return HTTP.send(subjects, BodyHandlers.discarding()).statusCode() == 200;
    } catch (IOException e) {
      return false; // not yet: that's the answer
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /// Where Confluent's API is, for `schema.registry.url`; the same after a restart.
  public String url() {
    return "http://127.0.0.1:" + port + CONFLUENT_API;
  }

  public long pid() {
    return process.pid();
  }

  /// Ends it as `kill -9` does.
  public void kill() {
    process.kill();
  }

  /// Comes back on the same port, with its schemas if they are kept; returns when it serves.
  public void restart() {
    process.close();
    process = ChildProcess.start(launch);
    awaitReady();
  }

  @Override
  public void close() {
    process.close();
  }
}
