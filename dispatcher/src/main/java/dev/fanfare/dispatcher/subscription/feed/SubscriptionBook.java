package dev.fanfare.dispatcher.subscription.feed;

import dev.fanfare.dispatcher.feed.FeedRecords;
import dev.fanfare.dispatcher.feed.FeedTable;
import dev.fanfare.dispatcher.subscription.Place;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.reading.DisabledEndpoint;
import dev.fanfare.dispatcher.subscription.reading.StandIn;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionProblem;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReading;
import dev.fanfare.dispatcher.subscription.sealing.SubscriptionSeal;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.id.SubscriptionId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The table of subscriptions in memory: each as it is stored and as it is used. Reads are
/// lock-free; changes come one at a time, and followers see them in that order. Knows no Kafka and
/// no clock.
final class SubscriptionBook implements SubscriptionTable, FeedTable {
  /// @param written by its owner; empty when its bytes could not be read
  /// @param stored what counts of it and its endpoint's state; mostly the same object
  /// @param usable whether the subscription is the stored one and not a stand-in for it
  private record Entry(
      Subscription subscription,
      Optional<dev.fanfare.schemas.avro.Subscription> written,
      Optional<dev.fanfare.schemas.avro.Subscription> stored,
      boolean usable) {}

  private final SubscriptionReader reader;
  private final SubscriptionSeal seal;
  private final Map<String, Entry> entries = new ConcurrentHashMap<>();

  private final SubscriptionOrder order = new SubscriptionOrder();
  private final Map<String, EndpointState> endpoints = new ConcurrentHashMap<>();
  private final Set<String> sealedOtherwise = ConcurrentHashMap.newKeySet();

  // Of whoever changes the table.
  private final Map<String, Instant> ends = new HashMap<>();
  private final List<Consumer<SubscriptionChange>> followers = new ArrayList<>();
  private final AtomicLong revision = new AtomicLong();
  private final AtomicInteger unusable = new AtomicInteger();
  private final SharedTexts texts = new SharedTexts();

  /// @param seal opens what is taken in
  SubscriptionBook(SubscriptionReader reader, SubscriptionSeal seal) {
    this.reader = reader;
    this.seal = seal;
  }

  /// For the topic that their owners write.
  FeedRecords<dev.fanfare.schemas.avro.Subscription> subscriptions() {
    return new FeedRecords<>() {
      @Override
      public boolean isKey(String key) {
        return SubscriptionId.isValid(key);
      }

      @Override
      public List<String> put(
          String key, dev.fanfare.schemas.avro.Subscription written, Instant now) {
        var id = new SubscriptionId(key);
        remember(key, seal.isCurrent(written));
        var sealed = seal.open(written);
        texts.share(id, written);
        var problems = SubscriptionBook.this.put(id, written, now);
        return Stream.concat(
                sealed.stream(),
                problems.stream()
                    .filter(it -> sealed.stream().noneMatch(known -> isBelow(it, known))))
            .map(it -> it.pointer() + " " + it.detail())
            .toList();
      }

      @Override
      public void putUnread(String key) {
        SubscriptionBook.this.putUnread(new SubscriptionId(key));
      }

      @Override
      public void delete(String key, Instant now) {
        sealedOtherwise.remove(key);
        SubscriptionBook.this.delete(new SubscriptionId(key));
      }
    };
  }

  /// For the topic that the workers write.
  FeedRecords<EndpointState> endpoints() {
    return new FeedRecords<>() {
      @Override
      public boolean isKey(String key) {
        return SubscriptionId.isValid(key);
      }

      @Override
      public List<String> put(String key, EndpointState state, Instant now) {
        endpoint(new SubscriptionId(key), state, now);
        return List.of();
      }

      // What can't be read is as good as not known: at worst an endpoint is called that was given
      // up, and gives itself up again.
      @Override
      public void putUnread(String key) {}

      @Override
      public void delete(String key, Instant now) {
        endpointWell(new SubscriptionId(key), now);
      }
    };
  }

  @Override
  public void tick(Instant now) {
    expireSecrets(now);
  }

  /// Takes in a stored subscription; returns why it can't be used, nothing if it can.
  synchronized List<SubscriptionProblem> put(
      SubscriptionId id, dev.fanfare.schemas.avro.Subscription written, Instant now) {
    var stored = DisabledEndpoint.seen(written, endpoints.get(id.value()));
    if (!stored.getId().equals(id.value())) {
      replace(id, new Entry(standIn(id, stored), Optional.of(written), Optional.of(stored), false));
      return List.of(new SubscriptionProblem("/id", "must be the record's key"));
    }
    return switch (reader.read(stored, now)) {
      case SubscriptionReading.Read(Subscription subscription, Optional<Instant> until) -> {
        replace(id, new Entry(subscription, Optional.of(written), Optional.of(stored), true));
        until.ifPresent(end -> ends.put(id.value(), end));
        yield List.of();
      }
      case SubscriptionReading.Refused(List<SubscriptionProblem> problems) -> {
        replace(
            id, new Entry(standIn(id, stored), Optional.of(written), Optional.of(stored), false));
        yield problems;
      }
    };
  }

  /// Takes in a record of which nothing could be read: what is known stays, paused.
  synchronized void putUnread(SubscriptionId id) {
    var known = entries.get(id.value());
    var subscription = known == null ? StandIn.unread(id) : StandIn.paused(known.subscription());
    replace(id, new Entry(subscription, Optional.empty(), Optional.empty(), false));
  }

  /// Takes in what is known of an endpoint.
  synchronized void endpoint(SubscriptionId id, EndpointState state, Instant now) {
    endpoints.put(id.value(), state);
    seeAgain(id, now);
  }

  /// Nothing is known against an endpoint any more.
  synchronized void endpointWell(SubscriptionId id, Instant now) {
    endpoints.remove(id.value());
    seeAgain(id, now);
  }

  private void seeAgain(SubscriptionId id, Instant now) {
    var entry = entries.get(id.value());
    if (entry == null || entry.written().isEmpty()) {
      return;
    }
    var seen = DisabledEndpoint.seen(entry.written().get(), endpoints.get(id.value()));
    if (!seen.getStatus().equals(entry.stored().map(it -> it.getStatus()).orElse(""))) {
      var _ = put(id, entry.written().get(), now);
    }
  }

  synchronized void delete(SubscriptionId id) {
    ends.remove(id.value());
    endpoints.remove(id.value());
    var before = entries.remove(id.value());
    if (before != null) {
      order.replace(before.stored(), Optional.empty());
      unusable.addAndGet(before.usable() ? 0 : -1);
      tell(new SubscriptionChange(Optional.of(before.subscription()), Optional.empty()));
    }
  }

  /// Reads those again of which a secret has ended.
  synchronized void expireSecrets(Instant now) {
    var due =
        ends.entrySet().stream()
            .filter(end -> !end.getValue().isAfter(now))
            .map(Map.Entry::getKey)
            .toList();
    for (var id : due) {
      ends.remove(id);
      var entry = entries.get(id);
      if (entry != null && entry.written().isPresent()) {
        var _ = put(new SubscriptionId(id), entry.written().get(), now);
      }
    }
  }

  /// From now on tells of every change, after having told of all that is in the table. The follower
  /// runs on the changing thread: it must be quick, and must not throw.
  synchronized void follow(Consumer<SubscriptionChange> follower) {
    for (var entry : entries.values()) {
      follower.accept(new SubscriptionChange(Optional.empty(), Optional.of(entry.subscription())));
    }
    followers.add(follower);
  }

  @Override
  public Optional<Subscription> find(String id) {
    var entry = entries.get(id);
    return entry == null ? Optional.empty() : Optional.of(entry.subscription());
  }

  @Override
  public Collection<Subscription> all() {
    return entries.values().stream().map(Entry::subscription).toList();
  }

  @Override
  public Optional<dev.fanfare.schemas.avro.Subscription> stored(String id) {
    var entry = entries.get(id);
    return entry == null ? Optional.empty() : entry.stored();
  }

  @Override
  public Optional<EndpointState> endpoint(String id) {
    return Optional.ofNullable(endpoints.get(id));
  }

  /// The records in the order in which they were made, looked up as far as the stream is read.
  ///
  /// @param tenant only of this one; null for all
  /// @param after null for the beginning
  Stream<dev.fanfare.schemas.avro.Subscription> stored(
      @Nullable String tenant, @Nullable Place after) {
    return order
        .after(tenant, after)
        .flatMap(place -> stored(place.id()).filter(it -> isAt(it, tenant, place)).stream());
  }

  /// Whether it is still there: it may be another's by now.
  private static boolean isAt(
      dev.fanfare.schemas.avro.Subscription stored, @Nullable String tenant, Place place) {
    return (tenant == null || stored.getTenant().equals(tenant)) && Place.of(stored).equals(place);
  }

  /// Ids of those whose records are not sealed as they would be if they were written now.
  Collection<String> sealedOtherwise() {
    return List.copyOf(sealedOtherwise);
  }

  private void remember(String id, boolean isCurrent) {
    if (isCurrent) {
      sealedOtherwise.remove(id);
    } else {
      sealedOtherwise.add(id);
    }
  }

  /// Whether one problem only repeats another, less exactly.
  private static boolean isBelow(SubscriptionProblem one, SubscriptionProblem other) {
    return one.pointer().startsWith(other.pointer());
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public int unusable() {
    return unusable.get();
  }

  @Override
  public long revision() {
    return revision.get();
  }

  private void replace(SubscriptionId id, Entry after) {
    ends.remove(id.value());
    var before = entries.put(id.value(), after);
    order.replace(before == null ? Optional.empty() : before.stored(), after.stored());
    unusable.addAndGet((after.usable() ? 0 : 1) - (before == null || before.usable() ? 0 : 1));
    tell(
        new SubscriptionChange(
            Optional.ofNullable(before).map(Entry::subscription),
            Optional.of(after.subscription())));
  }

  private void tell(SubscriptionChange change) {
    revision.incrementAndGet();
    for (var follower : followers) {
      follower.accept(change);
    }
  }

  private static Subscription standIn(
      SubscriptionId id, dev.fanfare.schemas.avro.Subscription stored) {
    return StandIn.of(id, stored).orElseGet(() -> StandIn.unread(id));
  }
}
