package dev.fanfare.dispatcher.fanout;

import static dev.fanfare.dispatcher.fanout.Samples.event;
import static dev.fanfare.dispatcher.fanout.Samples.subscription;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.subscription.Condition;
import dev.fanfare.dispatcher.subscription.Selector;
import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.schemas.avro.EmailEvent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SubscriptionIndexTest {
  private static final List<String> PATTERNS =
      List.of("email.bounced", "email.opened", "suppression.added", "email.*", "contact.*", "*");
  private static final List<String> TYPES =
      List.of("email.bounced", "email.opened", "suppression.added", "contact.engagement_changed");
  private static final List<String> INBOXES = List.of("a@x.example", "B@x.example", "c@y.example");
  private static final List<String> DOMAINS = List.of("example.com", "Example.org", "x.example");

  private static final List<Status> STATUSES = List.of(Status.values());

  static IntStream seeds() {
    return IntStream.range(0, 50);
  }

  /// Against the plain way: ask every subscription.
  @ParameterizedTest
  @MethodSource("seeds")
  void findsWhatAskingEveryoneFinds(int seed) {
    var random = new SplittableRandom(seed);
    var index = new SubscriptionIndex();
    Map<String, Subscription> all = new HashMap<>();

    for (int round = 0; round < 400; round++) {
      var id = "sub_" + random.nextInt(60);
      if (random.nextInt(4) == 0) {
        index.remove(id);
        all.remove(id);
      } else {
        var changed = anySubscription(id, random);
        index.put(changed);
        all.put(id, changed);
      }
      var event = anyEvent(random);

      assertThat(wanting(index.candidates(event), event))
          .as("seed %d round %d", seed, round)
          .isEqualTo(wanting(List.copyOf(all.values()), event));
      assertThat(index.candidates(event)).doesNotHaveDuplicates();
    }

    all.keySet().forEach(index::remove);
    assertThat(index.size()).isZero();
    assertThat(index.candidates(anyEvent(random))).isEmpty();
  }

  private static Set<String> wanting(List<Subscription> subscriptions, EmailEvent event) {
    var found = new TreeSet<String>();
    for (var each : subscriptions) {
      boolean wants =
          each.status() != Status.DISABLED
              && each.tenant().value().equals(event.getTenant())
              && each.selector().matches(event);
      if (wants) {
        found.add(each.id().value());
      }
    }
    return found;
  }

  private static Subscription anySubscription(String id, RandomGenerator random) {
    var conditions = new ArrayList<Condition>();
    if (random.nextInt(3) == 0) {
      conditions.add(Condition.RecipientDomains.of(some(DOMAINS, random)));
    }
    if (random.nextInt(3) == 0) {
      conditions.add(Condition.Inboxes.of(some(INBOXES, random)));
    }
    if (random.nextInt(5) == 0) {
      conditions.add(new Condition.Tags(Set.of("t")));
    }
    return subscription(
        id,
        "tenant_" + random.nextInt(3),
        STATUSES.get(random.nextInt(STATUSES.size())),
        some(PATTERNS, random),
        conditions);
  }

  private static EmailEvent anyEvent(RandomGenerator random) {
    return event("evt")
        .setTenant("tenant_" + random.nextInt(3))
        .setType(one(TYPES, random))
        .setInbox(random.nextInt(3) == 0 ? null : one(INBOXES, random).toUpperCase(Locale.ROOT))
        .setRecipient("jane@" + one(DOMAINS, random))
        .setTags(random.nextBoolean() ? List.of("t") : List.of())
        .build();
  }

  private static String one(List<String> from, RandomGenerator random) {
    return from.get(random.nextInt(from.size()));
  }

  private static List<String> some(List<String> from, RandomGenerator random) {
    return random.ints(1 + random.nextInt(3), 0, from.size()).mapToObj(from::get).toList();
  }

  @Test
  void findsTheNewInThePlaceOfTheOld() {
    var index = new SubscriptionIndex();
    index.put(subscription("sub_1", "email.*"));
    var changed = subscription("sub_1", "email.bounced");

    index.put(changed);

    assertThat(index.candidates(event("e").build())).containsExactly(changed);
  }

  @Test
  void pausedAreFoundDisabledAreNot() {
    var index = new SubscriptionIndex();
    index.put(subscription("sub_1", "acme", Status.PAUSED, List.of("*"), List.of()));
    index.put(subscription("sub_2", "acme", Status.ACTIVE, List.of("*"), List.of()));

    index.put(subscription("sub_2", "acme", Status.DISABLED, List.of("*"), List.of()));

    assertThat(index.candidates(event("e").build()))
        .extracting(found -> found.id().value())
        .containsExactly("sub_1");
  }

  /// While its patterns change to and fro, one who wants the event all the time is always found,
  /// once.
  @Test
  void aChangeIsNeverSeenHalfDone() throws InterruptedException {
    var index = new SubscriptionIndex();
    var selectors =
        List.of(
            new Selector(List.of("email.bounced")),
            new Selector(List.of("*")),
            new Selector(List.of("email.*"), List.of(Condition.Inboxes.of(INBOXES))));
    var event = event("e").setInbox("a@x.example").build();
    index.put(subscription("sub_1", "acme", Status.ACTIVE, selectors.getFirst(), "standard"));
    var done = new AtomicBoolean();
    var changing =
        Thread.ofVirtual()
            .start(() -> {
              for (int i = 0; !done.get(); i++) {
                index.put(
                    subscription("sub_1", "acme", Status.ACTIVE, selectors.get(i % 3), "standard"));
              }
            });

    try {
      for (int i = 0; i < 20_000; i++) {
        assertThat(index.candidates(event).size()).isEqualTo(1);
      }
    } finally {
      done.set(true);
      changing.join();
    }
  }

  /// One tenant with very many subscriptions, each for an inbox of its own: an event meets the few
  /// that its inbox has, not all.
  @Test
  void anEventMeetsOnlyThoseOfItsInbox() {
    var index = new SubscriptionIndex();
    for (int i = 0; i < 50_000; i++) {
      var inbox = Condition.Inboxes.of(List.of("agent" + i + "@x.example"));
      index.put(subscription("sub_" + i, "acme", Status.ACTIVE, List.of("*"), List.of(inbox)));
    }

    var found = index.candidates(event("e").setInbox("Agent777@x.example").build());

    assertThat(found).extracting(each -> each.id().value()).containsExactly("sub_777");
  }

  /// Among 100,000 an event meets as many as among 1,000: those of its tenant and type, narrowed by
  /// inbox and domain.
  @Test
  void howManyOthersThereAreCostsAnEventNothing() {
    var index = new SubscriptionIndex();
    var event = event("e").setInbox("agent1@x.example").setRecipient("jane@d1.example").build();
    var met = new ArrayList<Integer>();

    for (int i = 0; i < 100_000; i++) {
      index.put(oneOfMany(i));
      if (i + 1 == 1_000 || i + 1 == 10_000 || i + 1 == 100_000) {
        met.add(index.candidates(event).size());
      }
    }

    assertThat(index.size()).isEqualTo(100_000);
    assertThat(met).as("met among 1,000, 10,000 and 100,000").containsExactly(4, 4, 4);
  }

  /// Of the first ten three are wide and one is for the event's inbox. The others want another
  /// type, or are another tenant's, or narrowed to an inbox or domain of their own.
  private static Subscription oneOfMany(int i) {
    List<Condition> narrow =
        switch (i % 3) {
          case 0 -> List.of(Condition.Inboxes.of(List.of("agent" + i + "@y.example")));
          case 1 -> List.of(Condition.RecipientDomains.of(List.of("d" + i + ".y.example")));
          default -> List.of();
        };
    if (i == 1) {
      narrow = List.of(Condition.Inboxes.of(List.of("Agent1@x.example")));
    }
    boolean wide = narrow.isEmpty();
    return subscription(
        "sub_" + i,
        wide && i >= 10 ? "tenant_" + i % 500 : "acme",
        Status.ACTIVE,
        List.of(i % 2 == 0 && wide && i >= 10 ? "email.opened" : "email.bounced"),
        narrow);
  }
}
