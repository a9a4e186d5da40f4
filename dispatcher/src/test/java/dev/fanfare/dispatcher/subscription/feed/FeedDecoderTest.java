package dev.fanfare.dispatcher.subscription.feed;

import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.NOW;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.good;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.subscription.feed.FeedDecoder.Taken;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.schemas.avro.EndpointState;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.net.ConnectException;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class FeedDecoderTest {
  private final SubscriptionBook book = new SubscriptionBook(new SubscriptionReader(false));
  private Supplier<dev.fanfare.schemas.avro.Subscription> reads = () -> good("sub_1").build();
  private EndpointState state = gone(1);
  private final FeedDecoder decoder =
      new FeedDecoder(book, (_, _) -> reads.get(), "endpoints", (_, _) -> state);

  @Test
  void whileTheRegistryIsAwayNothingIsKnown() {
    reads =
        () -> {
          throw new SerializationException("Error retrieving", new ConnectException("refused"));
        };

    for (int i = 0; i < 100; i++) {
      assertThat(take("sub_1")).isInstanceOf(Taken.Later.class);
    }
    assertThat(book.size()).isZero();

    reads = () -> good("sub_1").build();
    assertThat(take("sub_1")).isInstanceOf(Taken.Applied.class);
    assertThat(book.unusable()).isZero();
  }

  @Test
  void anUnknownSchemaIsAskedForAFewTimes() {
    reads =
        () -> {
          throw new SerializationException(
              "Error retrieving", new RestClientException("not found", 404, 40403));
        };

    int tries = 1;
    while (take("sub_1") instanceof Taken.Later) {
      tries++;
      assertThat(tries).isLessThan(100);
    }

    assertThat(tries).isEqualTo(5);
    assertThat(book.unusable()).isEqualTo(1);
  }

  @Test
  void whatIsNoRecordOfOursIsPassedOver() {
    assertThat(take("no key")).isInstanceOf(Taken.Applied.class);
    assertThat(book.size()).isZero();
  }

  @Test
  void whatIsKnownOfAnEndpointCountsForTheVersionThatWasCalled() {
    take("sub_1");
    assertThat(takeState("sub_1")).isInstanceOf(Taken.Applied.class);
    assertThat(status()).isEqualTo("disabled");

    reads = () -> good("sub_1").setVersion(2).build();
    take("sub_1");

    assertThat(status()).as("its owner has changed it since").isEqualTo("active");
  }

  private String status() {
    return book.stored("sub_1").orElseThrow().getStatus();
  }

  private static EndpointState gone(long version) {
    return EndpointState.newBuilder()
        .setSubscriptionId("sub_1")
        .setSubscriptionVersion(version)
        .setDisabledAt(NOW)
        .setReason("gone")
        .build();
  }

  private Taken take(String key) {
    return take("subscriptions", key);
  }

  private Taken takeState(String key) {
    return take("endpoints", key);
  }

  private Taken take(String topic, String key) {
    return decoder.take(
        new ConsumerRecord<>(topic, 0, 0, key.getBytes(UTF_8), new byte[] {0}), NOW);
  }
}
