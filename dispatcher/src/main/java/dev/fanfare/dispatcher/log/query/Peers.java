package dev.fanfare.dispatcher.log.query;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.streams.state.HostInfo;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Asks other instances of the log for what lives there. Thread-safe.
public final class Peers implements AutoCloseable {
  /// Where an instance answers others.
  public static final String PATH = "/internal/log";

  /// What an asking instance shows as `Authorization`.
  public static final String SCHEME = "Fanfare-Peer ";

  private static final Logger LOG = LoggerFactory.getLogger(Peers.class);
  private static final Duration CONNECT = Duration.ofSeconds(1);
  private static final Duration ANSWER = Duration.ofSeconds(3);

  private final String authorization;
  private final HttpClient http;

  /// @param key that all instances share
  public Peers(String key) {
    this.authorization = SCHEME + key;
    this.http =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /// Empty when it does not answer.
  Optional<List<Part>> ask(HostInfo peer, Question question, Set<Integer> partitions) {
    var host = peer.host().contains(":") ? "[" + peer.host() + "]" : peer.host();
    try {
      var request =
          HttpRequest.newBuilder(URI.create("http://" + host + ":" + peer.port() + PATH))
              .timeout(ANSWER)
              .header("Authorization", authorization)
              .header("Content-Type", "application/octet-stream")
              .POST(HttpRequest.BodyPublishers.ofByteArray(Asked.write(question, partitions)))
              .build();
      var answer = http.send(request, BodyHandlers.ofByteArray());
      if (answer.statusCode() != 200) {
        LOG.warn("the log at {} answers with {}", peer, answer.statusCode());
        return Optional.empty();
      }
      return Optional.of(Part.read(answer.body()));
    } catch (IOException | IllegalArgumentException e) {
      LOG.warn("the log at {} can't be asked: {}", peer, e.toString());
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  @Override
  public void close() {
    http.shutdownNow();
  }
}
