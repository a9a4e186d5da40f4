package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.subscription.Limits;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionTable;
import dev.fanfare.dispatcher.subscription.reading.DisabledEndpoint;
import dev.fanfare.schemas.avro.EndpointState;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The table of subscriptions of a simulation. Whatever is written reaches it with a lag.
final class SimulatedTable implements SubscriptionTable {
  private final SimulatedTime time;
  private final Map<String, dev.fanfare.schemas.avro.Subscription> written = new HashMap<>();
  private final Map<String, Limits> limits = new HashMap<>();
  private final Map<String, EndpointState> states = new HashMap<>();
  private final Map<String, Subscription> seen = new HashMap<>();
  private final Map<String, dev.fanfare.schemas.avro.Subscription> stored = new HashMap<>();

  SimulatedTable(SimulatedTime time) {
    this.time = time;
  }

  void put(String id, Limits limited) {
    limits.put(id, limited);
    written.put(id, TestSubscriptions.stored(id));
    see(id);
  }

  /// Its owner writes a new version.
  void write(String id, Status status) {
    time.after(
        time.between(1, 500),
        () -> {
          var before = written.get(id);
          if (before != null) {
            written.put(
                id,
                dev.fanfare.schemas.avro.Subscription.newBuilder(before)
                    .setStatus(status.code())
                    .setVersion(before.getVersion() + 1)
                    .build());
            see(id);
          }
        });
  }

  void delete(String id) {
    time.after(
        time.between(1, 500),
        () -> {
          written.remove(id);
          see(id);
        });
  }

  void found(EndpointState state) {
    time.after(
        time.between(1, 500),
        () -> {
          states.put(state.getSubscriptionId(), state);
          see(state.getSubscriptionId());
        });
  }

  private void see(String id) {
    var record = written.get(id);
    if (record == null) {
      stored.remove(id);
      seen.remove(id);
      return;
    }
    var effective = DisabledEndpoint.seen(record, states.get(id));
    stored.put(id, effective);
    var status = Status.find(effective.getStatus()).orElseThrow();
    seen.put(id, TestSubscriptions.of(id, status, limits.getOrDefault(id, Limits.NONE)));
  }

  @Override
  public Optional<Subscription> find(String id) {
    return Optional.ofNullable(seen.get(id));
  }

  @Override
  public Optional<dev.fanfare.schemas.avro.Subscription> stored(String id) {
    return Optional.ofNullable(stored.get(id));
  }

  @Override
  public Optional<EndpointState> endpoint(String id) {
    return Optional.ofNullable(states.get(id));
  }

  @Override
  public Collection<Subscription> all() {
    return seen.values();
  }
}
