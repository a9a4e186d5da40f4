package dev.fanfare.bench.rig;

import dev.fanfare.bench.control.ControlClient;
import dev.fanfare.bench.load.SinkMain;
import dev.fanfare.testkit.process.ChildProcess;
import dev.fanfare.testkit.process.Launch;
import dev.fanfare.testkit.process.Ports;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import org.HdrHistogram.Histogram;

/// Our own receiver ([SinkMain]) in a child JVM: it hangs or fails where the path says so, and
/// knows how late each POST is.
public final class Sink implements Receiver {
  private final ChildProcess process;
  private final int port;
  private final ControlClient control;

  private Sink(ChildProcess process, int port, int controlPort) {
    this.process = process;
    this.port = port;
    this.control = new ControlClient(controlPort);
  }

  static Sink start(Path directory) {
    int port = Ports.free();
    int controlPort = Ports.free();
    var process =
        ChildProcess.start(
            new Launch(
                "the receiver",
                SinkMain.class.getName(),
                Launch.ourClassPath(),
                Stream.concat(
                        Launch.KAFKA_FLAGS.stream(), Stream.of("-XX:+UseSerialGC", "-Xmx256m"))
                    .toList(),
                List.of(Integer.toString(port), Integer.toString(controlPort)),
                Map.of(),
                directory,
                directory.resolve("receiver.log")));
    var sink = new Sink(process, port, controlPort);
    process.awaitReady(sink.control::isReady, Duration.ofSeconds(30));
    return sink;
  }

  /// What has come since the last time that it was asked.
  ///
  /// @param good answered with 204
  /// @param first good ones of an event that was not seen at that path before
  /// @param bad answered with 500
  /// @param hung not answered
  /// @param lateness of the good ones that say when they should have come, in microseconds
  public record Taken(long good, long first, long bad, long hung, Histogram lateness) {}

  public Taken take() {
    var said = control.ask("/take", Map.of());
    try {
      return new Taken(
          said.path("good").asLong(),
          said.path("first").asLong(),
          said.path("bad").asLong(),
          said.path("hung").asLong(),
          Histogram.decodeFromCompressedByteBuffer(
              ByteBuffer.wrap(Base64.getDecoder().decode(said.path("lateness").asText())), 0));
    } catch (DataFormatException e) {
      throw new IllegalStateException("the receiver's histogram can't be read", e);
    }
  }

  @Override
  public String name() {
    return "Fanfare's own, on virtual threads";
  }

  @Override
  public URI at(String path) {
    return URI.create("http://127.0.0.1:" + port + path);
  }

  /// The same receiver under another address of the loopback network.
  public URI at(String host, String path) {
    return URI.create("http://" + host + ":" + port + path);
  }

  @Override
  public long posts() {
    return control.ask("/posts", Map.of()).path("posts").asLong();
  }

  @Override
  public long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.close();
  }
}
