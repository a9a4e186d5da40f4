package dev.fanfare.dispatcher.subscription.feed;

import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.NOW;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.good;
import static dev.fanfare.dispatcher.subscription.reading.StoredSubscriptions.hmac;
import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.subscription.Status;
import dev.fanfare.dispatcher.subscription.Subscription;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.dispatcher.subscription.sealing.SubscriptionSeal;
import dev.fanfare.schemas.avro.EndpointState;
import dev.fanfare.schemas.avro.Filter;
import dev.fanfare.schemas.id.SubscriptionId;
import dev.fanfare.schemas.serde.TrustedClasses;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SubscriptionBookTest {
  static {
    TrustedClasses.trustOurs(); // a record is copied before anything else of Avro is used
  }

  private static final SubscriptionId ONE = new SubscriptionId("sub_1");

  private final SubscriptionBook book =
      new SubscriptionBook(new SubscriptionReader(false), SubscriptionSeal.NONE);
  private final List<SubscriptionChange> changes = new ArrayList<>();

  @Test
  void keepsTheLastOfEach() {
    book.follow(changes::add);

    assertThat(book.put(ONE, good("sub_1").build(), NOW)).isEmpty();
    assertThat(book.put(ONE, good("sub_1").setStatus("paused").build(), NOW)).isEmpty();

    assertThat(book.find("sub_1")).map(Subscription::status).contains(Status.PAUSED);
    assertThat(book.stored("sub_1")).map(s -> s.getStatus()).contains("paused");
    assertThat(book.all()).hasSize(1);
    assertThat(book.stored(null, null)).hasSize(1);
    assertThat(book.revision()).isEqualTo(2);
    assertThat(changes.get(0).before()).isEmpty();
    assertThat(changes.get(1).before()).isEqualTo(changes.get(0).after());
  }

  @Test
  void deletes() {
    book.put(ONE, good("sub_1").build(), NOW);
    book.follow(changes::add);

    book.delete(ONE);
    book.delete(ONE);

    assertThat(book.find("sub_1")).isEmpty();
    assertThat(book.stored("sub_1")).isEmpty();
    assertThat(book.size()).isZero();
    assertThat(changes).hasSize(2);
    assertThat(changes.getLast().after()).isEmpty();
    assertThat(changes.getLast().before()).isEqualTo(changes.getFirst().after());
  }

  @Test
  void aFollowerIsToldOfWhatIsThereFirst() {
    book.put(ONE, good("sub_1").build(), NOW);
    book.put(new SubscriptionId("sub_2"), good("sub_2").build(), NOW);

    book.follow(changes::add);

    assertThat(changes).hasSize(2).allSatisfy(change -> assertThat(change.before()).isEmpty());
  }

  @Test
  void whatCannotBeUsedIsHeldAsPausedUntilItCan() {
    var withExpression =
        good("sub_1").setFilter(Filter.newBuilder().setExpression("x").build()).build();

    assertThat(book.put(ONE, withExpression, NOW))
        .singleElement()
        .satisfies(problem -> assertThat(problem.pointer()).isEqualTo("/filter/expression"));

    assertThat(book.find("sub_1")).map(Subscription::status).contains(Status.PAUSED);
    assertThat(book.stored("sub_1")).contains(withExpression);
    assertThat(book.unusable()).isEqualTo(1);

    book.put(ONE, good("sub_1").build(), NOW);

    assertThat(book.find("sub_1")).map(Subscription::status).contains(Status.ACTIVE);
    assertThat(book.unusable()).isZero();
  }

  @Test
  void aRecordUnderAnothersKeyIsHeldAsPaused() {
    assertThat(book.put(ONE, good("sub_2").build(), NOW)).hasSize(1);

    assertThat(book.find("sub_2")).isEmpty();
    assertThat(book.find("sub_1")).map(Subscription::status).contains(Status.PAUSED);
    assertThat(book.find("sub_1")).map(Subscription::id).contains(ONE);
  }

  @Test
  void unreadBytesPauseWhatIsKnown() {
    book.put(ONE, good("sub_1").build(), NOW);
    var before = book.find("sub_1").orElseThrow();

    book.putUnread(ONE);

    var after = book.find("sub_1").orElseThrow();
    assertThat(after.status()).isEqualTo(Status.PAUSED);
    assertThat(after.selector()).isEqualTo(before.selector());
    assertThat(book.stored("sub_1")).isEmpty();
    assertThat(book.unusable()).isEqualTo(1);

    book.delete(ONE);
    assertThat(book.unusable()).isZero();
  }

  @Test
  void unreadBytesOfAnUnknownOneAreKnownToBeThere() {
    book.putUnread(ONE);

    assertThat(book.find("sub_1")).map(Subscription::status).contains(Status.PAUSED);
    assertThat(book.find("sub_1").orElseThrow().selector().eventTypes()).isEmpty();
  }

  @Test
  void aSecretIsDroppedWhenItsTimeIsOver() {
    var end = NOW.plusSeconds(60);
    book.put(
        ONE,
        good("sub_1")
            .setSecrets(List.of(hmac(24).build(), hmac(32).setExpiresAt(end).build()))
            .build(),
        NOW);
    book.follow(changes::add);

    book.expireSecrets(end.minusMillis(1));
    assertThat(secrets()).isEqualTo(2);

    book.expireSecrets(end);
    assertThat(secrets()).isEqualTo(1);
    assertThat(changes).hasSize(2);

    book.expireSecrets(end.plusSeconds(1));
    assertThat(changes).hasSize(2);
  }

  private int secrets() {
    return book.find("sub_1").orElseThrow().endpoint().keys().secrets().size();
  }

  @Test
  void anEndpointThatWasGivenUpDisablesTheVersionThatWasCalled() {
    book.put(ONE, good("sub_1").setVersion(3).build(), NOW);
    book.follow(changes::add);

    book.endpoint(ONE, gone(2), NOW);
    assertThat(book.find("sub_1")).map(Subscription::status).contains(Status.ACTIVE);

    book.endpoint(ONE, gone(3), NOW);
    assertThat(book.find("sub_1")).map(Subscription::status).contains(Status.DISABLED);
    assertThat(book.stored("sub_1")).map(s -> s.getStatusReason()).contains("gone");
    assertThat(book.stored(null, null)).extracting(s -> s.getStatus()).containsExactly("disabled");
    assertThat(changes).hasSize(2);

    book.put(ONE, good("sub_1").setVersion(4).build(), NOW);
    assertThat(book.find("sub_1")).map(Subscription::status).contains(Status.ACTIVE);
  }

  @Test
  void theOrderInWhichTheTwoTopicsAreReadDoesNotMatter() {
    book.endpoint(ONE, gone(3), NOW);
    assertThat(book.find("sub_1")).isEmpty();

    book.put(ONE, good("sub_1").setVersion(3).build(), NOW);
    assertThat(book.find("sub_1")).map(Subscription::status).contains(Status.DISABLED);

    book.delete(ONE);
    assertThat(book.find("sub_1")).as("nothing brings back what was deleted").isEmpty();
    book.endpoint(ONE, gone(3), NOW);
    assertThat(book.find("sub_1")).isEmpty();
  }

  @Test
  void anEndpointThatIsWellAgainTakesNothingBackButTheFinding() {
    book.put(ONE, good("sub_1").build(), NOW);
    book.follow(changes::add);

    book.endpoint(ONE, failing(), NOW);
    assertThat(book.endpoint("sub_1")).contains(failing());
    book.endpointWell(ONE, NOW);

    assertThat(book.endpoint("sub_1")).isEmpty();
    assertThat(changes).as("it was active all the time").hasSize(1);
  }

  private static EndpointState gone(long version) {
    return EndpointState.newBuilder()
        .setSubscriptionId("sub_1")
        .setSubscriptionVersion(version)
        .setDisabledAt(NOW)
        .setReason("gone")
        .build();
  }

  private static EndpointState failing() {
    return EndpointState.newBuilder()
        .setSubscriptionId("sub_1")
        .setSubscriptionVersion(1)
        .setFailingSince(NOW)
        .build();
  }

  @Test
  void findsNothingInAnEmptyTable() {
    assertThat(book.find("sub_1")).isEqualTo(Optional.empty());
    assertThat(book.all()).isEmpty();
  }
}
