package dev.fanfare.dispatcher.feed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.feed.FeedDecoder.Taken;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.net.ConnectException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.junit.jupiter.api.Test;

class FeedDecoderTest {
  private static final Instant NOW = Instant.EPOCH;
  private final Kept table = new Kept();
  private Supplier<String> reads = () -> "stored";
  private final FeedDecoder<String> decoder = new FeedDecoder<>(table, (_, _) -> reads.get());

  /// What reaches a table, in order.
  private static final class Kept implements FeedRecords<String> {
    final List<String> puts = new ArrayList<>();
    final List<String> unread = new ArrayList<>();
    final List<String> deleted = new ArrayList<>();

    @Override
    public boolean isKey(String key) {
      return !key.contains(" ");
    }

    @Override
    public List<String> put(String key, String stored, Instant now) {
      puts.add(key + "=" + stored);
      return List.of();
    }

    @Override
    public void putUnread(String key) {
      unread.add(key);
    }

    @Override
    public void delete(String key, Instant now) {
      deleted.add(key);
    }
  }

  @Test
  void whileTheRegistryIsAwayNothingIsKnown() {
    reads =
        () -> {
          throw new SerializationException("Error retrieving", new ConnectException("refused"));
        };

    for (int i = 0; i < 100; i++) {
      assertThat(take("sub_1")).isInstanceOf(Taken.Later.class);
    }
    assertThat(table.puts).isEmpty();
    assertThat(table.unread).isEmpty();

    reads = () -> "stored";
    assertThat(take("sub_1")).isInstanceOf(Taken.Applied.class);
    assertThat(table.puts).containsExactly("sub_1=stored");
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
    assertThat(table.unread).containsExactly("sub_1");
  }

  @Test
  void whatIsNoRecordOfOursIsPassedOver() {
    assertThat(take("no key")).isInstanceOf(Taken.Applied.class);
    assertThat(table.puts).isEmpty();
  }

  @Test
  void aRecordWithoutValueDeletes() {
    var _ =
        decoder.take(
            new ConsumerRecord<>("subscriptions", 0, 0, "sub_1".getBytes(UTF_8), null), NOW);

    assertThat(table.deleted).containsExactly("sub_1");
  }

  private Taken take(String key) {
    return decoder.take(
        new ConsumerRecord<>("subscriptions", 0, 0, key.getBytes(UTF_8), new byte[] {0}), NOW);
  }
}
