package dev.fanfare.bench.load;

import dev.fanfare.bench.control.ControlServer;
import dev.fanfare.dispatcher.egress.signature.HmacSecret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistrySettings;
import io.confluent.parallelconsumer.ParallelConsumerOptions;
import io.confluent.parallelconsumer.ParallelConsumerOptions.ProcessingOrder;
import io.confluent.parallelconsumer.ParallelStreamProcessor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import okhttp3.ConnectionPool;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;

/// What a Java team would build instead: Confluent's Parallel Consumer and OkHttp, signing and
/// POSTing from the topic of deliveries. It writes down no outcome, retries as the library does and
/// knows no lanes. Connections are pooled by endpoint and calls have no timeouts, as in the bare
/// loop.
public final class PeerMain {
  private static final MediaType JSON = MediaType.get("application/json");
  private static final SigningKeys KEYS =
      new SigningKeys(List.of(HmacSecret.generate(new byte[32])));

  private final LongAdder posts = new LongAdder();
  private final Map<String, Endpoint> endpoints = new ConcurrentHashMap<>();
  private final OkHttpClient base =
      new OkHttpClient.Builder()
          .callTimeout(Duration.ZERO)
          .connectTimeout(Duration.ZERO)
          .readTimeout(Duration.ZERO)
          .writeTimeout(Duration.ZERO)
          .build();

  private PeerMain() {}

  private record Endpoint(OkHttpClient client, HttpUrl url) {}

  /// @param args the port to be controlled by
  public static void main(String[] args) {
    var peer = new PeerMain();
    var control = ControlServer.on(Integer.parseInt(args[0]));
    control.answer("/start", peer::start);
    control.answer("/posts", _ -> Map.of("posts", peer.posts.sum()));
    control.start();
  }

  private Map<String, Object> start(Map<String, String> query) {
    var to = URI.create(said(query, "to"));
    var values =
        new AvroSerdes(RegistrySettings.at(said(query, "registry"))).deserializer(Delivery.class);
    var consumer =
        new KafkaConsumer<>(
            Map.<String, Object>of(
                "bootstrap.servers",
                said(query, "bootstrap"),
                "group.id",
                said(query, "group"),
                "enable.auto.commit",
                false,
                "auto.offset.reset",
                "earliest",
                "isolation.level",
                "read_committed",
                "max.poll.records",
                2_000),
            new StringDeserializer(),
            values);
    var options =
        ParallelConsumerOptions.<String, Delivery>builder()
            .ordering(ProcessingOrder.valueOf(said(query, "ordering")))
            .maxConcurrency(Integer.parseInt(said(query, "in_flight")))
            .consumer(consumer)
            .build();
    var processor = ParallelStreamProcessor.createEosStreamProcessor(options);
    processor.subscribe(List.of(said(query, "topic")));
    processor.poll(one -> post(to, one.getSingleConsumerRecord().value()));
    return Map.of();
  }

  private static String said(Map<String, String> query, String name) {
    return Objects.requireNonNull(query.get(name), name);
  }

  private void post(URI to, Delivery delivery) {
    var endpoint =
        endpoints.computeIfAbsent(
            delivery.getSubscriptionId(),
            id ->
                new Endpoint(
                    base.newBuilder()
                        .connectionPool(new ConnectionPool(64, 1, TimeUnit.MINUTES))
                        .build(),
                    Objects.requireNonNull(HttpUrl.get(to.resolve("/ok/" + id)))));
    var now = Instant.now();
    var body = delivery.getPayload();
    var bytes = new byte[body.remaining()];
    body.duplicate().get(bytes);
    var request =
        new Request.Builder()
            .url(endpoint.url)
            .header("webhook-id", delivery.getEventId())
            .header("webhook-timestamp", Long.toString(now.getEpochSecond()))
            .header(
                "webhook-signature", StandardWebhooks.sign(KEYS, delivery.getEventId(), now, body))
            .post(RequestBody.create(bytes, JSON))
            .build();
    try (var response = endpoint.client.newCall(request).execute()) {
      if (!response.isSuccessful()) {
        throw new IOException("the receiver answers " + response.code());
      }
      posts.increment();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // and the library tries again
    }
  }
}
