package dev.fanfare.dispatcher.api.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;

/// Remembers the answers to calls with an `Idempotency-Key`, so that a client which got no answer
/// can ask again without doing it twice. In the memory of this process only: another instance knows
/// nothing of it, and a restart forgets. Only successes are remembered; a call that failed is made
/// again.
///
/// Bounded in number, bytes and time; what is oldest is forgotten first. Thread-safe.
public final class IdempotencyKeys {
  private static final int MOST = 10_000;
  private static final long MOST_BYTES = 32L << 20;
  private static final int LONGEST_KEY = 255;

  private final Duration window;
  private final InstantSource clock;
  private final Map<String, Remembered> answers = new LinkedHashMap<>();
  private final Set<String> underWay = new HashSet<>();
  private long bytes;

  private record Remembered(String request, Answer answer, Instant at) {
    int size() {
      return answer.content().remaining() + 512; // the entry itself, about
    }
  }

  public IdempotencyKeys(Duration window, InstantSource clock) {
    this.window = window;
    this.clock = clock;
  }

  /// Answers a call: as before when it came before, for the first time otherwise.
  ///
  /// @throws ApiProblem 409 while the same call is under way, 422 if the key came with another one,
  ///   400 if it is no key
  public Answer once(Call call, byte[] body, Supplier<Answer> first) {
    var given = call.header("idempotency-key");
    if (given.isEmpty()) {
      return first.get();
    }
    var key = call.caller().key() + " " + checked(given.get()); // nobody gets another's answer
    var request = digest(call.method() + " " + call.path() + "\n", body);
    synchronized (this) {
      forgetOld();
      var known = answers.get(key);
      if (known != null) {
        if (!known.request.equals(request)) {
          throw new ApiProblem(Problem.keyReused());
        }
        return known.answer.with("Idempotent-Replayed", "true");
      }
      if (!underWay.add(key)) {
        throw new ApiProblem(
            Problem.conflict("a request with this Idempotency-Key is under way; try again"));
      }
    }
    try {
      var answer = first.get();
      if (answer.isSuccess()) {
        remember(key, new Remembered(request, answer, clock.instant()));
      }
      return answer;
    } finally {
      synchronized (this) {
        underWay.remove(key);
      }
    }
  }

  private synchronized void remember(String key, Remembered remembered) {
    answers.put(key, remembered);
    bytes += remembered.size();
  }

  private void forgetOld() {
    var horizon = clock.instant().minus(window);
    Iterator<Remembered> oldestFirst = answers.values().iterator();
    while (oldestFirst.hasNext()) {
      var oldest = oldestFirst.next();
      if (answers.size() < MOST && bytes <= MOST_BYTES && oldest.at.isAfter(horizon)) {
        return;
      }
      oldestFirst.remove();
      bytes -= oldest.size();
    }
  }

  private static String checked(String key) {
    boolean visible = key.chars().allMatch(c -> c > 0x20 && c < 0x7f);
    if (key.isEmpty() || key.length() > LONGEST_KEY || !visible) {
      throw new ApiProblem(
          Problem.malformed(
              "an Idempotency-Key is 1 to " + LONGEST_KEY + " visible characters without spaces"));
    }
    return key;
  }

  private static String digest(String head, byte[] body) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update(head.getBytes(UTF_8));
      return HexFormat.of().formatHex(sha.digest(body));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
