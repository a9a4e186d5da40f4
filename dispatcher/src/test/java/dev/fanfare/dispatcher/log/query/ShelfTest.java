package dev.fanfare.dispatcher.log.query;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.entry.DeliveryStatus;
import dev.fanfare.dispatcher.log.entry.Indexes;
import dev.fanfare.dispatcher.log.entry.Keys;
import dev.fanfare.dispatcher.log.entry.Position;
import dev.fanfare.dispatcher.log.entry.Selection;
import dev.fanfare.dispatcher.log.entry.StateCodec;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.ReadOnlyKeyValueStore;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Pages that several partitions fill together.
class ShelfTest {
  private static final int PARTITIONS = 12;
  private static final int COUNT = 1_000;
  private static final int LIMIT = 50;
  private static final long LONG_ENOUGH = Long.MAX_VALUE;
  private static final Position TOP = new Position(Long.MAX_VALUE, "");

  private final List<MapStore> states = new ArrayList<>();
  private final List<Shelf> shelves = new ArrayList<>();
  private final List<Position> all = new ArrayList<>();

  ShelfTest() {
    var random = new SplittableRandom(7);
    var logs = new ArrayList<MapStore>();
    for (int partition = 0; partition < PARTITIONS; partition++) {
      states.add(new MapStore());
      logs.add(new MapStore());
      shelves.add(new Shelf(partition, states.getLast(), logs.getLast()));
    }
    for (int n = 0; n < COUNT; n++) {
      var state = delivered("dlv_%04d".formatted(n), 1_000 + random.nextInt(COUNT));
      int partition = random.nextInt(PARTITIONS);
      var id = state.names().deliveryId();
      states.get(partition).put(Keys.state(id), StateCodec.write(state));
      Indexes.lasting(state).forEach(key -> logs.get(partition).put(key, new byte[0]));
      all.add(state.position());
    }
    all.sort(null);
  }

  private static DeliveryState delivered(String id, long createdAt) {
    return new DeliveryState(
        new DeliveryState.Names(
            id,
            "evt_1",
            "sub_1",
            "acme",
            "email.delivered",
            "msg_1",
            "ann@example.com",
            Optional.empty(),
            Optional.empty()),
        createdAt,
        createdAt,
        createdAt + 1,
        true,
        DeliveryStatus.DELIVERED,
        1,
        Optional.empty(),
        DeliveryState.Last.NONE,
        0);
  }

  private Page page(Position below) {
    var newest = new Newest(LIMIT);
    var parts =
        shelves.stream()
            .map(shelf -> shelf.deliveries(Selection.ALL, below, newest, LONG_ENOUGH))
            .toList();
    return Page.of(parts, DeliveryState::position, LIMIT, Set.of());
  }

  @Test
  void pagesOfAllPartitionsTogetherAreTheWholeInOrder() {
    var seen = new ArrayList<Position>();

    // When
    var next = Optional.of(TOP);
    while (next.isPresent()) {
      var page = page(next.get());
      page.items().forEach(item -> seen.add(item.position()));
      next = page.next();
    }

    // Then
    assertThat(seen).isEqualTo(all);
  }

  @Test
  void noPartitionIsLookedThroughFurtherThanThePageReaches() {
    // When
    assertThat(page(TOP).items()).hasSize(LIMIT);

    // Then: the n-th looked at finds a n-th of the page, 1 + 1/2 + ... + 1/12 = 3.1 pages in all
    assertThat(states.stream().mapToInt(it -> it.gets).sum()).isLessThan(4 * LIMIT);
  }

  /// A store without Kafka Streams around it.
  private static final class MapStore implements ReadOnlyKeyValueStore<Bytes, byte[]> {
    private final TreeMap<Bytes, byte[]> map = new TreeMap<>();
    private int gets;

    void put(byte[] key, byte[] value) {
      map.put(Bytes.wrap(key), value);
    }

    @Override
    public byte @Nullable [] get(Bytes key) {
      gets++;
      return map.get(key);
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> range(Bytes from, Bytes to) {
      return new MapIterator(map.subMap(from, true, to, true).entrySet().iterator());
    }

    @Override
    public KeyValueIterator<Bytes, byte[]> all() {
      return new MapIterator(map.entrySet().iterator());
    }

    @Override
    public long approximateNumEntries() {
      return map.size();
    }
  }

  private record MapIterator(Iterator<Map.Entry<Bytes, byte[]>> entries)
      implements KeyValueIterator<Bytes, byte[]> {
    @Override
    public boolean hasNext() {
      return entries.hasNext();
    }

    @Override
    public KeyValue<Bytes, byte[]> next() {
      var entry = entries.next();
      return KeyValue.pair(entry.getKey(), entry.getValue());
    }

    @Override
    public Bytes peekNextKey() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
  }
}
