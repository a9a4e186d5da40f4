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
  private final Map<String, Latest> latest = new HashMap<>();

  private record Latest(long minute, Minute sum) {}

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
    var known = latest.get(scope);
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

  private Latest write(String scope, long minute, Minute sum) {
    state.put(Bytes.wrap(Keys.minute(scope, minute)), sum.toBytes());
    return new Latest(minute, sum);
  }

  private void remember(String scope, Latest written) {
    if (latest.size() >= MOST_REMEMBERED) {
      latest.clear();
    }
    latest.put(scope, written);
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
    long last = hour.get().latest();
    if (last < minute) {
      state.put(key, hour.get().next(minute, minute(scope, last)).toBytes());
    } else if (last > minute) {
      state.put(key, hour.get().late(more).toBytes());
    }
    return last <= minute;
  }

  private Minute minute(String scope, long minute) {
    return Optional.ofNullable(state.get(Bytes.wrap(Keys.minute(scope, minute))))
        .map(Minute::read)
        .orElse(Minute.EMPTY);
  }

  /// The store was changed by another.
  void forget() {
    latest.clear();
  }
}
