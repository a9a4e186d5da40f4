package dev.fanfare.sandbox.system;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.sandbox.system.PostTimes.Post;
import dev.fanfare.schemas.avro.Attempt;
import dev.fanfare.schemas.avro.DeadLetter;
import dev.fanfare.testkit.receiver.Receiver;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Dispatchers and brokers killed at random moments amid deliveries to endpoints good and bad:
/// every delivery ends exactly once and as it must, and no POST comes twice but those that were in
/// flight when something was killed.
///
/// `-Dfanfare.chaos.deliveries`, `-Dfanfare.chaos.faults`; `-Dfanfare.seed` to repeat one. Where
/// the faults fall depends on the machine all the same.
@Tag("long")
@Timeout(1_800)
class ChaosST {
  private static final int DELIVERIES = Integer.getInteger("fanfare.chaos.deliveries", 4_000);
  private static final int FAULTS = Integer.getInteger("fanfare.chaos.faults", 3);
  private static final Duration ENOUGH = Duration.ofMinutes(10);

  @TempDir Path directory;

  @Test
  void everythingEndsOnceWhateverIsKilled() throws Exception {
    long seed = Long.getLong("fanfare.seed", ThreadLocalRandom.current().nextLong());
    System.out.println("chaos: to repeat: -Dfanfare.seed=" + seed);
    var random = new Random(seed);
    try (var receiver = Receiver.start();
        var rig = ChaosRig.start(getClass(), directory, random);
        var events = ChaosEvents.making(DELIVERIES, rig.deployment());
        var attempts = Journal.of(rig.deployment(), rig.deployment().topics().attempts());
        var letters = Journal.of(rig.deployment(), rig.deployment().topics().deadLetters())) {
      // Given
      var posts = new PostTimes();
      receiver.keep(0);
      receiver.answer(request -> {
        var post = Post.of(request);
        posts.add(post, request.arrivedAt());
        return ChaosEndpoint.at(post.target())
            .answer(ChaosEvents.number(post.event()), post.attempt());
      });
      var targets = subscribeAll(rig, receiver);
      var expected = events.expected();
      long toDeliver = expected.values().stream().filter(it -> it).count();
      long mustDie = expected.size() - toDeliver;

      // When
      var faults = new ArrayList<Fault>();
      var plan = rig.plan(FAULTS);
      for (int i = 0; i < FAULTS; i++) {
        int sent = events.send(i, FAULTS);
        int before = posts.deliveries();
        int moment = before + (int) ((sent - before) * random.nextDouble(0.1, 0.7));
        await().atMost(ENOUGH).until(() -> posts.deliveries() >= moment);
        rig.tell("%,d of %,d deliveries have come in", posts.deliveries(), DELIVERIES);
        faults.add(rig.strike(plan.get(i)));
      }
      rig.tell("no more faults; %,d of %,d have come in", posts.deliveries(), DELIVERIES);

      // Then
      attempts.until(all -> delivered(all).count() >= toDeliver, ENOUGH);
      rig.tell("all %,d are delivered that can be", toDeliver);
      letters.until(
          all -> all.stream().filter(it -> !left(it, targets)).count() >= mustDie, ENOUGH);
      rig.tell("all others are dead letters");
      var ledger = SettledLedger.of(rig.dispatcher().api(), ENOUGH);
      rig.tell("the ledger is settled");
      var made = attempts.toEnd();
      var ends = ends(made, letters.toEnd(), targets);
      assertThat(wrong(ends, expected)).isEmpty();
      ledger.has(ends.size(), toDeliver, ends.size() - toDeliver);
      assertThat(made.stream().collect(groupingBy(Attempt::getAttemptId, counting())).values())
          .as("how often each attempt is settled")
          .containsOnly(1L);
      assertAttemptsInOrder(made);
      assertThat(posts.deliveries()).isLessThanOrEqualTo(ends.size());
      assertRepeatedOnlyWhatWasInFlight(rig, posts, settledAt(made, attempts.writtenAt()), faults);
    }
  }

  /// The paths of the endpoints by the ids of their subscriptions, as soon as both dispatchers know
  /// them all.
  private static Map<String, String> subscribeAll(ChaosRig rig, Receiver receiver)
      throws Exception {
    var customer = new Customer(rig.dispatcher().api(), ChaosEvents.TENANT);
    var targets = new HashMap<String, String>();
    for (var endpoint : ChaosEndpoint.values()) {
      var subscribed =
          customer.subscribe(
              receiver.url(endpoint.target()), List.of(endpoint.type()), endpoint.subscription());
      targets.put(subscribed.id(), endpoint.target());
    }
    for (var dispatcher : rig.dispatchers()) {
      assertThat(dispatcher.api().list("/v1/subscriptions")).hasSize(targets.size());
    }
    return targets;
  }

  private static Stream<Attempt> delivered(List<Attempt> all) {
    return all.stream().filter(it -> it.getOutcome().equals("delivered"));
  }

  /// How the deliveries ended, each by endpoint and event: delivered (true) or dead.
  private static Map<String, List<Boolean>> ends(
      List<Attempt> made, List<DeadLetter> letters, Map<String, String> targets) {
    var ends = new HashMap<String, List<Boolean>>();
    delivered(made)
        .forEach(it -> end(ends, endpoint(it.getSubscriptionId(), targets), it.getEventId(), true));
    for (var letter : letters) {
      var dead = letter.getDelivery();
      end(ends, endpoint(dead.getSubscriptionId(), targets), dead.getEventId(), false);
    }
    return ends;
  }

  private static void end(
      Map<String, List<Boolean>> ends, ChaosEndpoint endpoint, String event, boolean delivered) {
    ends.computeIfAbsent(endpoint.target() + " " + event, _ -> new ArrayList<>()).add(delivered);
  }

  /// Whether it is for the endpoint that leaves.
  private static boolean left(DeadLetter letter, Map<String, String> targets) {
    return endpoint(letter.getDelivery().getSubscriptionId(), targets).leaves();
  }

  private static ChaosEndpoint endpoint(String subscription, Map<String, String> targets) {
    return ChaosEndpoint.at(requireNonNull(targets.get(subscription), subscription));
  }

  /// Deliveries that did not end, ended twice or otherwise than they must, or should not be.
  private static List<String> wrong(
      Map<String, List<Boolean>> ends, Map<String, Boolean> expected) {
    var deadIfLeft = ChaosEndpoint.GONE.target() + " ";
    return Stream.concat(ends.keySet().stream(), expected.keySet().stream())
        .distinct()
        .filter(it -> {
          var wanted = it.startsWith(deadIfLeft) ? Boolean.FALSE : expected.get(it);
          return wanted == null || !List.of(wanted).equals(ends.get(it));
        })
        .map(it -> it + ": " + ends.get(it) + ", not " + expected.get(it))
        .limit(20)
        .toList();
  }

  /// Of every delivery that was attempted: attempts 1 to n, and what they came to says that the
  /// last of them is the end.
  private static void assertAttemptsInOrder(List<Attempt> made) {
    var byDelivery = made.stream().collect(groupingBy(Attempt::getDeliveryId));
    byDelivery.forEach((delivery, all) -> {
      var numbers = new HashSet<Integer>();
      long open = all.stream().filter(it -> it.getOutcome().equals("retry")).count();
      all.forEach(it -> numbers.add(it.getAttempt()));
      boolean inOrder =
          numbers.size() == all.size()
              && numbers.stream().mapToInt(it -> it).max().orElse(0) == all.size();
      assertThat(inOrder && open >= all.size() - 1)
          .as("attempts of %s: %s", delivery, all)
          .isTrue();
    });
  }

  /// When the settlement of each attempt was handed to Kafka.
  private static Map<Post, Instant> settledAt(List<Attempt> made, List<Instant> writtenAt) {
    var settled = new HashMap<Post, Instant>();
    for (int i = 0; i < made.size(); i++) {
      var attempt = made.get(i);
      var target = URI.create(attempt.getUrl()).getPath();
      settled.put(new Post(target, attempt.getEventId(), attempt.getAttempt()), writtenAt.get(i));
    }
    return settled;
  }

  private static void assertRepeatedOnlyWhatWasInFlight(
      ChaosRig rig, PostTimes posts, Map<Post, Instant> settledAt, List<Fault> faults) {
    var repeated = posts.repeated();
    long repeats = repeated.values().stream().mapToLong(times -> times.size() - 1).sum();
    long inFlight = 0;
    Set<Post> explained = new HashSet<>();
    for (var fault : faults) {
      long then =
          posts.come(
              fault.gone(), post -> settledAt.getOrDefault(post, Instant.MAX).isAfter(fault.at()));
      inFlight += then;
      var its = new HashSet<Post>();
      repeated.forEach((post, times) -> {
        for (int i = 1; i < times.size(); i++) {
          if (fault.isBetween(times.get(i - 1), times.get(i))) {
            its.add(post);
          }
        }
      });
      explained.addAll(its);
      rig.tell("%s: %d POSTs in flight, %d made again", fault.what(), then, its.size());
    }
    rig.tell(
        "%,d POSTs, %d of them repeated; %d were in flight at the kills",
        posts.attempts() + repeats, repeats, inFlight);
    assertThat(repeated.keySet())
        .as("each in flight when something was killed")
        .isEqualTo(explained);
    assertThat(repeats).isLessThanOrEqualTo(inFlight);
  }
}
