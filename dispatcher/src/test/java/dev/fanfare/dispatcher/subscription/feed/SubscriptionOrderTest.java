package dev.fanfare.dispatcher.subscription.feed;

import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.NOW;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.subscription.Place;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.dispatcher.subscription.sealing.SubscriptionSeal;
import dev.fanfare.schemas.avro.Subscription;
import dev.fanfare.schemas.id.SubscriptionId;
import dev.fanfare.schemas.serde.TrustedClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// How the table of subscriptions lists what it has.
class SubscriptionOrderTest {
  static {
    TrustedClasses.trustOurs();
  }

  private final SubscriptionBook book =
      new SubscriptionBook(new SubscriptionReader(false), SubscriptionSeal.NONE);

  private void put(String id, String tenant, long madeAfterMillis) {
    var stored = good(id).setTenant(tenant).setCreatedAt(NOW.plusMillis(madeAfterMillis)).build();
    assertThat(book.put(new SubscriptionId(id), stored, NOW)).isEmpty();
  }

  private List<String> ids(@Nullable String tenant, @Nullable Place after) {
    return book.stored(tenant, after).map(Subscription::getId).toList();
  }

  @Test
  void listsByTheTimeOfMakingThenById() {
    put("sub_c", "acme", 1);
    put("sub_b", "acme", 2);
    put("sub_d", "globex", 2);
    put("sub_a", "acme", 2);

    assertThat(ids(null, null)).containsExactly("sub_c", "sub_a", "sub_b", "sub_d");
    assertThat(ids("acme", null)).containsExactly("sub_c", "sub_a", "sub_b");
    assertThat(ids("globex", null)).containsExactly("sub_d");
    assertThat(ids("glob", null)).isEmpty();
    assertThat(ids("zebra", null)).isEmpty();
  }

  @Test
  void goesOnBehindAPlaceAlsoWhenWhoStoodThereHasGone() {
    put("sub_a", "acme", 1);
    put("sub_b", "acme", 2);
    put("sub_c", "acme", 3);
    var second = Place.of(book.stored("sub_b").orElseThrow());

    book.delete(new SubscriptionId("sub_b"));

    assertThat(ids("acme", second)).containsExactly("sub_c");
    assertThat(ids(null, second)).containsExactly("sub_c");
    assertThat(ids(null, null)).containsExactly("sub_a", "sub_c");
  }

  @Test
  void aChangeMovesNothing() {
    put("sub_a", "acme", 1);
    put("sub_b", "acme", 2);
    put("sub_a", "acme", 1);

    assertThat(ids("acme", null)).containsExactly("sub_a", "sub_b");
  }

  @Test
  void whatHasBecomeAnothersIsListedThereOnly() {
    put("sub_a", "acme", 1);

    put("sub_a", "globex", 9);

    assertThat(ids("acme", null)).isEmpty();
    assertThat(ids("globex", null)).containsExactly("sub_a");
    assertThat(ids(null, null)).containsExactly("sub_a");
  }

  @Test
  void whatCanNotBeReadIsNotListed() {
    put("sub_a", "acme", 1);

    book.putUnread(new SubscriptionId("sub_a"));
    assertThat(ids(null, null)).isEmpty();

    put("sub_a", "acme", 1);
    assertThat(ids(null, null)).containsExactly("sub_a");
  }

  /// Against a list that is sorted anew each time.
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3})
  void isWhatSortingGives(int seed) {
    var dice = new Random(seed);
    for (int i = 0; i < 2_000; i++) {
      var id = "sub_" + dice.nextInt(60);
      if (dice.nextInt(4) == 0) {
        book.delete(new SubscriptionId(id));
      } else {
        put(id, "tenant-" + dice.nextInt(3), dice.nextInt(20));
      }
    }
    var all = new ArrayList<Subscription>();
    for (int i = 0; i < 60; i++) {
      book.stored("sub_" + i).ifPresent(all::add);
    }
    all.sort((a, b) -> Place.of(a).compareTo(Place.of(b)));
    var after = Place.of(all.get(dice.nextInt(all.size())));
    for (var tenant : List.of("tenant-0", "tenant-1", "tenant-2")) {
      assertThat(ids(tenant, after))
          .isEqualTo(
              all.stream()
                  .filter(it -> it.getTenant().equals(tenant))
                  .filter(it -> Place.of(it).compareTo(after) > 0)
                  .map(Subscription::getId)
                  .toList());
    }
    assertThat(ids(null, null)).isEqualTo(all.stream().map(Subscription::getId).toList());
  }

  @Test
  void aPlaceIsWrittenAndReadAgain() {
    var place = new Place(1_764_000_000_123L, "sub_a-B_9");

    assertThat(Place.parse(place.text())).contains(place);
    assertThat(Place.parse("0001764000000123:sub_a-B_9")).as("as before 0.2").contains(place);
    for (var none : List.of("", ":", "1:", ":sub_a", "x:sub_a", "1:sub a", "1".repeat(30) + ":a")) {
      assertThat(Place.parse(none)).as(none).isEmpty();
    }
  }
}
