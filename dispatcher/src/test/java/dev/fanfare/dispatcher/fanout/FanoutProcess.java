package dev.fanfare.dispatcher.fanout;

import dev.fanfare.dispatcher.subscription.feed.FeedSettings;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionFeed;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.File;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/// Fan-out in a JVM of its own, to be killed. It ends with the process that started it.
final class FanoutProcess implements AutoCloseable {
  private final Process process;

  private FanoutProcess(Process process) {
    this.process = process;
  }

  static FanoutProcess start(String bootstrap, String registry, Topics topics, Path log)
      throws IOException {
    return start(bootstrap, registry, topics, Duration.ZERO, log);
  }

  /// @param window within which an event that comes again makes nothing
  static FanoutProcess start(
      String bootstrap, String registry, Topics topics, Duration window, Path log)
      throws IOException {
    var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    var command =
        List.of(
            java,
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "--sun-misc-unsafe-memory-access=allow",
            "--enable-native-access=ALL-UNNAMED",
            "-cp",
            System.getProperty("java.class.path"),
            FanoutProcess.class.getName(),
            bootstrap,
            registry,
            topics.prefix(),
            topics.input(),
            window.toString());
    return new FanoutProcess(
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(Redirect.appendTo(new File(log.toString())))
            .start());
  }

  public static void main(String[] args) throws IOException {
    var kafka = properties(args[0]);
    var serdes = new AvroSerdes(RegistrySettings.at(args[1]));
    var topics = new Topics(args[2], args[3]);
    var meters = new SimpleMeterRegistry();
    try (var feed = SubscriptionFeed.start(kafka, topics, serdes, FeedSettings.DEFAULT, meters);
        var _ =
            FanoutRole.start(
                kafka, topics, serdes, feed, remembering(Duration.parse(args[4])), meters)) {
      while (System.in.read() >= 0) {
        // until whoever started it has gone
      }
    }
  }

  /// The usual settings, with a window of deduplication.
  static FanoutSettings remembering(Duration window) {
    var usual = FanoutSettings.DEFAULT;
    return new FanoutSettings(
        usual.guarantee(),
        usual.commitInterval(),
        usual.threads(),
        usual.maxPayloadBytes(),
        usual.lifetime(),
        new Deduplication(window, usual.deduplication().mostEvents()));
  }

  /// Sessions and transactions that end soon after whoever held them was killed.
  static Map<String, Object> properties(String bootstrap) {
    return Map.of(
        "bootstrap.servers", bootstrap,
        "consumer.session.timeout.ms", 2_000,
        "consumer.heartbeat.interval.ms", 400,
        "producer.transaction.timeout.ms", 3_000);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /// As `kill -9`.
  void kill() {
    process.destroyForcibly().onExit().join();
  }

  @Override
  public void close() {
    kill();
  }
}
