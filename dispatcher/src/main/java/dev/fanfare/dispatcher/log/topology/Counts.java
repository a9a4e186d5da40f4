package dev.fanfare.dispatcher.log.topology;

import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.entry.Hour;
import dev.fanfare.dispatcher.log.entry.Keys;
import dev.fanfare.dispatcher.log.entry.Minute;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/// One partition's minutes and hours, of all, of each tenant and of each subscription. Used by one
/// thread.
final class Counts {
  /// Scopes of which the newest minute is remembered as it is in the store: else it would be read
  /// anew for every record.
  private static final int MOST_REMEMBERED = 4_096;

  private final KeyValueStore<Bytes, byte[]> state;
  private final Map<String, Newest> newest = new HashMap<>();

  private record Newest(long minute, Minute sum) {}

  Counts(KeyValueStore<Bytes, byte[]> state) {
    this.state = state;
  }

  void add(DeliveryState.Names names, long at, Minute more) {
    long minute = Minute.of(at);
    add("", minute, more);
    add("t" + names.tenant(), minute, more);
    add("s" + names.subscriptionId(), minute, more);
  }

  private void add(String scope, long minute, Minute more) {
    var known = newest.get(scope);
    if (known != null && known.minute == minute) {
      remember(scope, write(scope, minute, known.sum.plus(more)));
      return;
    }
    boolean isLatest = enter(scope, minute, more);
    var written = write(scope, minute, minute(scope, minute).plus(more));
    if (isLatest) {
      remember(scope, written);
    }
  }

  private Newest write(String scope, long minute, Minute sum) {
    state.put(Bytes.wrap(Keys.minute(scope, minute)), sum.toBytes());
    return new Newest(minute, sum);
  }

  private void remember(String scope, Newest written) {
    if (newest.size() >= MOST_REMEMBERED) {
      newest.clear();
    }
    newest.put(scope, written);
  }

  /// Into the hour goes what is over, when a minute begins, and what comes late. Returns whether
  /// the minute is now the latest of its hour.
  private boolean enter(String scope, long minute, Minute more) {
    var key = Bytes.wrap(Keys.hour(scope, Hour.of(minute)));
    var hour = Optional.ofNullable(state.get(key)).map(Hour::read);
    if (hour.isEmpty()) {
      state.put(key, Hour.beginning(minute).toBytes());
      return true;
    }
    long latest = hour.get().latest();
    if (latest < minute) {
      state.put(key, hour.get().next(minute, minute(scope, latest)).toBytes());
    } else if (latest > minute) {
      state.put(key, hour.get().late(more).toBytes());
    }
    return latest <= minute;
  }

  private Minute minute(String scope, long minute) {
    return Optional.ofNullable(state.get(Bytes.wrap(Keys.minute(scope, minute))))
        .map(Minute::read)
        .orElse(Minute.EMPTY);
  }

  /// The store was changed by another.
  void forget() {
    newest.clear();
  }
}
