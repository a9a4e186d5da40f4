package dev.fanfare.dispatcher.log.topology;

import java.util.Map;
import org.apache.kafka.streams.state.RocksDBConfigSetter;
import org.jspecify.annotations.Nullable;
import org.rocksdb.BlockBasedTableConfig;
import org.rocksdb.CompressionType;
import org.rocksdb.LRUCache;
import org.rocksdb.Options;
import org.rocksdb.RocksDB;
import org.rocksdb.WriteBufferManager;

/// Gives all the stores of a process one budget: blocks read, filters, indexes and what is not yet
/// written out come from the same memory, however many partitions there are. Kafka Streams makes
/// one of these a store.
public final class BoundedRocks implements RocksDBConfigSetter {
  /// Name of the property that holds the budget in bytes.
  public static final String MEMORY = "fanfare.log.memory";

  private static final double FILTERS_SHARE = 0.1;
  private static final int BLOCK = 8 << 10;
  private static final long SMALLEST_BUFFER = 1 << 20;
  private static final long LARGEST_BUFFER = 16 << 20;

  /// The process's; made by the first store, never closed: stores of a dispatcher started later in
  /// the same process use it too.
  private static @Nullable Budget budget;

  private record Budget(LRUCache cache, WriteBufferManager buffers) {}

  private static synchronized Budget budget(long bytes) {
    var made = budget;
    if (made == null) {
      RocksDB.loadLibrary();
      var cache = new LRUCache(bytes, -1, false, FILTERS_SHARE);
      made = new Budget(cache, new WriteBufferManager(bytes / 2, cache));
      budget = made;
    }
    return made;
  }

  @Override
  public void setConfig(String storeName, Options options, Map<String, Object> configs) {
    long bytes = Long.parseLong(String.valueOf(configs.get(MEMORY)));
    var shared = budget(bytes);
    if (options.tableFormatConfig() instanceof BlockBasedTableConfig table) {
      table.setBlockCache(shared.cache());
      table.setCacheIndexAndFilterBlocks(true);
      table.setCacheIndexAndFilterBlocksWithHighPriority(true);
      table.setPinTopLevelIndexAndFilter(true);
      table.setBlockSize(BLOCK);
      options.setTableFormatConfig(table);
    }
    options.setWriteBufferManager(shared.buffers());
    options.setWriteBufferSize(Math.clamp(bytes / 16, SMALLEST_BUFFER, LARGEST_BUFFER));
    options.setMaxWriteBufferNumber(2);
    options.setCompressionType(CompressionType.LZ4_COMPRESSION);
  }

  /// What is shared outlives the store.
  @Override
  public void close(String storeName, Options options) {}
}
