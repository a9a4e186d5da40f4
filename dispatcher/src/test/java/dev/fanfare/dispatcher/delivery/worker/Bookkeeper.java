package dev.fanfare.dispatcher.delivery.worker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.schemas.avro.Delivery;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/// Keeps the books of a simulation and finds fault at the very event that breaks a promise:
///
/// - each delivery is in exactly one durable place (to be attempted, waiting on a rung, or ended);
/// - it ends once;
/// - attempts are counted up by one and never down;
/// - nothing is attempted before it is due, or once it has expired;
/// - a delivery has one attempt in flight at most.
final class Bookkeeper {
  private final Map<String, Account> accounts = new HashMap<>();
  private final Map<String, Integer> ends = new TreeMap<>();
  private int waiting;
  private int ended;
  private int inFlight;
  private int posts;
  private int repeated;
  private int cutOff;

  /// What is known of one delivery.
  static final class Account {
    final String of;
    final long openedMs;
    int places = 1;
    int ended;
    int attemptsSettled;
    int attemptsBegun;
    int hops;
    int sheds;
    boolean flying;
    long endedMs;

    Account(String of, long openedMs) {
      this.of = of;
      this.openedMs = openedMs;
    }
  }

  void opened(Delivery delivery, long nowMs) {
    var account = new Account(delivery.getSubscriptionId(), nowMs);
    assertThat(accounts.put(delivery.getDeliveryId(), account)).isNull();
    waiting++;
  }

  Account of(String delivery) {
    var account = accounts.get(delivery);
    if (account == null) {
      throw new AssertionError("nobody made " + delivery);
    }
    return account;
  }

  // ---- attempts

  void begins(Delivery delivery, Instant now) {
    var id = delivery.getDeliveryId();
    var account = of(id);
    int attempt = delivery.getAttempts() + 1;
    check(!account.flying, id, "has two attempts in flight");
    check(account.ended == 0, id, "is attempted after its end");
    check(!now.isBefore(delivery.getDueAt()), id, "is attempted before it is due");
    check(now.isBefore(delivery.getExpiresAt()), id, "is attempted after it has expired");
    check(attempt == account.attemptsSettled + 1, id, "skips or repeats a settled attempt");
    posts++;
    if (attempt == account.attemptsBegun) {
      repeated++;
    }
    account.attemptsBegun = attempt;
    account.flying = true;
    inFlight++;
  }

  void ends(String delivery) {
    var account = of(delivery);
    check(account.flying, delivery, "ends an attempt that is not in flight");
    account.flying = false;
    inFlight--;
  }

  /// The worker died or gave up on it; nobody knows whether the endpoint had it.
  void cutOff(String delivery) {
    ends(delivery);
    cutOff++;
  }

  /// An attempt had ended, but its outcome died with its worker.
  void unsettled() {
    cutOff++;
  }

  // ---- what is durable

  void leaves(String delivery) {
    of(delivery).places--;
    waiting--;
  }

  void waits(Delivery delivery, boolean onRung, boolean byWorker) {
    var id = delivery.getDeliveryId();
    var account = of(id);
    int more = delivery.getAttempts() - account.attemptsSettled;
    check(more == 0 || (more == 1 && byWorker), id, "has lost or won an attempt");
    account.attemptsSettled = delivery.getAttempts();
    account.hops += onRung ? 1 : 0;
    account.sheds += byWorker && more == 0 ? 1 : 0;
    account.places++;
    waiting++;
  }

  void ended(String delivery, String how, long nowMs) {
    var account = of(delivery);
    account.ended++;
    account.endedMs = nowMs;
    ended++;
    ends.merge(how, 1, Integer::sum);
  }

  /// To be asked of every delivery that a transaction has touched.
  void settled(String delivery) {
    var account = of(delivery);
    check(
        account.places + account.ended == 1,
        delivery,
        "is lost or doubled: " + account.places + " places, " + account.ended + " ends");
  }

  /// To be asked after every event.
  void balance() {
    if (waiting + ended != accounts.size()) {
      throw new AssertionError(
          accounts.size() + " opened, " + waiting + " wait and " + ended + " have ended");
    }
  }

  private static void check(boolean holds, String delivery, String fault) {
    if (!holds) {
      throw new AssertionError(delivery + " " + fault);
    }
  }

  // ---- figures

  Map<String, Account> accounts() {
    return accounts;
  }

  /// How deliveries have ended, with their number.
  Map<String, Integer> endings() {
    return ends;
  }

  int opened() {
    return accounts.size();
  }

  int waiting() {
    return waiting;
  }

  int inFlight() {
    return inFlight;
  }

  int posts() {
    return posts;
  }

  /// POSTs made again because nothing durable knew of the first.
  int repeated() {
    return repeated;
  }

  /// Attempts whose outcome died with their worker: what may be repeated.
  int atRisk() {
    return cutOff;
  }
}
