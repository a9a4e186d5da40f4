package dev.fanfare.bench.rig;

import dev.fanfare.bench.control.ControlClient;
import dev.fanfare.testkit.process.Ports;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// nginx with one worker that answers 204: about the least that a receiver can cost. It ends with
/// this process, however this one ends.
public final class Nginx implements Receiver {
  private static final Pattern ACCEPTED = Pattern.compile("(?m)^ *\\d+ +\\d+ +(\\d+) *$");
  private static final Duration READY_WITHIN = Duration.ofSeconds(10);

  private final Process guard;
  private final int port;
  private final ControlClient status;
  private long asked;

  private Nginx(Process guard, int port, int statusPort) {
    this.guard = guard;
    this.port = port;
    this.status = new ControlClient(statusPort);
  }

  /// The program, if it is where programs usually are.
  public static Optional<Path> program() {
    var path = Optional.ofNullable(System.getenv("PATH")).orElse("");
    return Stream.concat(Stream.of(path.split(":", -1)), Stream.of("/usr/sbin", "/usr/local/sbin"))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, "nginx"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  public static Nginx start(Path program, Path directory) throws IOException {
    var home = Files.createDirectories(directory.resolve("nginx").toAbsolutePath());
    int port = Ports.free();
    int statusPort = Ports.free();
    var file = Files.writeString(home.resolve("nginx.conf"), configuration(home, port, statusPort));
    // The shell waits for the end of its input, which comes when this process is gone.
    var guard =
        new ProcessBuilder(
                "/bin/sh",
                "-c",
                "trap '' INT; \"$1\" -p \"$2\" -c \"$3\" & it=$!; cat >/dev/null; kill $it; wait",
                "sh",
                program.toString(),
                home.toString(),
                file.toString())
            .redirectErrorStream(true)
            .redirectOutput(home.resolve("nginx.log").toFile())
            .start();
    var nginx = new Nginx(guard, port, statusPort);
    nginx.awaitReady(home);
    return nginx;
  }

  private static String configuration(Path home, int port, int statusPort) {
    return """
    daemon off;
    worker_processes 1;
    pid %1$s/nginx.pid;
    error_log stderr warn;
    events { worker_connections 16384; }
    http {
      access_log off;
      keepalive_requests 1000000000;
      keepalive_timeout 1h;
      client_body_buffer_size 64k;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      server { listen %2$d backlog=4096; location / { return 204; } }
      server { listen 127.0.0.1:%3$d; location / { stub_status; } }
    }
    """
        .formatted(home, port, statusPort);
  }

  private void awaitReady(Path home) throws IOException {
    long deadline = System.nanoTime() + READY_WITHIN.toNanos();
    while (true) {
      try {
        asked--; // the first that is answered counts as none
        requests();
        asked = requests();
        return;
      } catch (UncheckedIOException e) {
        if (System.nanoTime() > deadline || !guard.isAlive()) {
          var said = Files.readString(home.resolve("nginx.log"));
          guard.destroy();
          throw new IOException("nginx does not start: " + said, e);
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(25);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while nginx starts", e);
    }
  }

  private long requests() {
    var page = status.text("/");
    var found = ACCEPTED.matcher(page);
    if (!found.find()) {
      throw new IllegalStateException("not nginx's status: " + page);
    }
    return Long.parseLong(found.group(1));
  }

  @Override
  public String name() {
    return "nginx, one worker";
  }

  @Override
  public URI at(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /// Our own questions are requests, too, and not counted.
  @Override
  public synchronized long posts() {
    asked++;
    return requests() - asked;
  }

  /// Of the shell around it; what is measured takes its descendants in.
  @Override
  public long pid() {
    return guard.pid();
  }

  @Override
  public void close() {
    try {
      guard.getOutputStream().close();
      if (!guard.waitFor(5, TimeUnit.SECONDS)) {
        guard.destroyForcibly();
      }
    } catch (IOException e) {
      guard.destroyForcibly(); // the pipe is broken: it is gone or about to be
    } catch (InterruptedException e) {
      guard.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
