package dev.fanfare.sandbox.observed;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.testkit.process.Ports;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;

/// A Prometheus of the test's own, on a free port, that scrapes one address every three seconds.
final class Prometheus implements AutoCloseable {
  private static final String CHOSEN = "FANFARE_PROMETHEUS";

  private final Process process;
  private final URI address;
  private final HttpClient http = HttpClient.newHttpClient();

  private Prometheus(Process process, URI address) {
    this.process = process;
    this.address = address;
  }

  /// A program of Debian's package `prometheus`; aborts the test where it is not installed.
  ///
  /// @param name `prometheus` or `promtool`
  static Path program(String name) {
    var found =
        Stream.concat(
                Stream.ofNullable(System.getenv(CHOSEN)).map(it -> Path.of(it).resolve(name)),
                Stream.of("/usr/bin", "/usr/local/bin").map(it -> Path.of(it, name)))
            .filter(Files::isExecutable)
            .findFirst();
    Assumptions.assumeTrue(
        found.isPresent(),
        "no %s: install Prometheus (apt-get install prometheus) or name its directory in %s"
            .formatted(name, CHOSEN));
    return found.orElseThrow();
  }

  /// @param directory for its configuration and data
  /// @param target `host:port` of what it scrapes, as the job `fanfare`
  static Prometheus start(Path directory, String target, Path rules) throws IOException {
    var program = program("prometheus");
    int port = Ports.free();
    var config = Files.createDirectories(directory).resolve("prometheus.yml");
    Files.writeString(
        config,
        """
        global: {scrape_interval: 3s, scrape_timeout: 3s, evaluation_interval: 1s}
        rule_files: ["%s"]
        scrape_configs:
          - job_name: fanfare
            static_configs: [{targets: ["%s"]}]
        """
            .formatted(rules, target));
    var process =
        new ProcessBuilder(
                program.toString(),
                "--config.file=" + config,
                "--storage.tsdb.path=" + directory.resolve("data"),
                "--enable-feature=exemplar-storage",
                "--web.listen-address=127.0.0.1:" + port)
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("prometheus.log").toFile())
            .start();
    return new Prometheus(process, URI.create("http://127.0.0.1:" + port));
  }

  boolean isReady() throws InterruptedException {
    return answer("/-/ready").isPresent();
  }

  /// The values of an expression now, without those that are no number.
  ///
  /// @throws IllegalArgumentException if Prometheus does not understand it
  List<Double> values(String expression) throws IOException, InterruptedException {
    var result = ask("/api/v1/query?query=" + encoded(expression)).path("data").path("result");
    return Stream.iterate(0, i -> i < result.size(), i -> i + 1)
        .map(i -> Double.parseDouble(result.path(i).path("value").path(1).asText("NaN")))
        .filter(Double::isFinite)
        .toList();
  }

  /// The trace ids of an expression's exemplars within the last minutes.
  List<String> traces(String expression) throws IOException, InterruptedException {
    long now = System.currentTimeMillis() / 1000;
    var answer =
        ask(
            "/api/v1/query_exemplars?query=%s&start=%d&end=%d"
                .formatted(encoded(expression), now - 300, now + 5));
    return answer.path("data").findValuesAsText("trace_id");
  }

  private JsonNode ask(String path) throws IOException, InterruptedException {
    var body = answer(path).orElse("{}");
    var json = new ObjectMapper().readTree(body);
    if (json.path("status").asText().equals("error")) {
      throw new IllegalArgumentException(json.path("error").asText() + " in " + path);
    }
    return json;
  }

  private Optional<String> answer(String path) throws InterruptedException {
    try {
      var request = HttpRequest.newBuilder(address.resolve(path)).build();
      var response = http.send(request, BodyHandlers.ofString());
      return response.statusCode() == 503 ? Optional.empty() : Optional.of(response.body());
    } catch (IOException e) {
      return Optional.empty(); // not up yet
    }
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /// What a program says, and whether it is content.
  record Said(int code, String text) {}

  static Said promtool(Path directory, String... arguments)
      throws IOException, InterruptedException {
    var command = Stream.concat(Stream.of(program("promtool").toString()), Stream.of(arguments));
    var process =
        new ProcessBuilder(command.toList())
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    var text = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Said(process.waitFor(), text);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    http.close();
  }
}
