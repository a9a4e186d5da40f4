package dev.fanfare.dispatcher.delivery.worker;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Sent;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;

/// The customers' endpoints of a simulation, each behaving after its own fashion.
final class SimulatedEndpoints {
  static final long TIMEOUT_MS = 15_000;

  /// What an endpoint says to a POST, and after how long.
  record Reaction(long afterMs, Reply reply) {}

  /// How an endpoint behaves.
  interface Behaviour {
    /// @param inFlight POSTs that it holds, this one included
    Reaction on(SimulatedTime time, int inFlight);
  }

  private final Map<String, Behaviour> behaviours = new HashMap<>();
  private final Map<String, Integer> inFlight = new HashMap<>();
  private final Map<String, Integer> most = new HashMap<>();
  private final SimulatedTime time;

  SimulatedEndpoints(SimulatedTime time) {
    this.time = time;
  }

  void put(String subscription, Behaviour behaviour) {
    behaviours.put(subscription, behaviour);
  }

  Reaction post(String subscription) {
    int now = inFlight.merge(subscription, 1, Integer::sum);
    most.merge(subscription, now, Math::max);
    var behaviour = behaviours.get(subscription);
    if (behaviour == null) {
      throw new AssertionError("no endpoint for " + subscription);
    }
    return behaviour.on(time, now);
  }

  void ended(String subscription) {
    inFlight.merge(subscription, -1, Integer::sum);
  }

  int inFlight(String subscription) {
    return inFlight.getOrDefault(subscription, 0);
  }

  /// The most POSTs that it ever held, since asked last.
  int takeMost(String subscription) {
    var was = most.put(subscription, inFlight(subscription));
    return was == null ? 0 : was;
  }

  // ---- fashions

  static Behaviour answering(int status, long fromMs, long toMs) {
    return (time, _) -> new Reaction(time.between(fromMs, toMs), answer(status, Map.of()));
  }

  static Behaviour answering(int status, Map<String, String> headers) {
    return (time, _) -> new Reaction(time.between(5, 50), answer(status, headers));
  }

  static Behaviour hanging() {
    return (_, _) -> new Reaction(TIMEOUT_MS, unanswered(Fault.TIMEOUT));
  }

  static Behaviour refusing() {
    return (_, _) -> new Reaction(1, unanswered(Fault.CONNECT));
  }

  /// One of so many POSTs gets the other answer.
  static Behaviour flapping(int n, Behaviour mostly, Behaviour sometimes) {
    return (time, held) -> (time.oneIn(n) ? sometimes : mostly).on(time, held);
  }

  /// Behaves one way until then, counted from the start, and another from then on.
  static Behaviour until(long elapsedMs, Behaviour first, Behaviour then) {
    return (time, held) -> (time.elapsedMs() < elapsedMs ? first : then).on(time, held);
  }

  /// Takes so many at a time and answers 503 to the rest.
  static Behaviour holding(int most, Behaviour within) {
    return (time, held) ->
        held <= most ? within.on(time, held) : new Reaction(2, answer(503, Map.of()));
  }

  static Reply answer(int status, Map<String, String> headers) {
    return new Reply.Answered(status, headers, ByteBuffer.wrap("-".getBytes(UTF_8)), Sent.NOTHING);
  }

  private static Reply unanswered(Fault fault) {
    return new Reply.Unanswered(fault, fault.code(), Sent.NOTHING);
  }
}
