package dev.fanfare.dispatcher.api.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.DigestInputStream;
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
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
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
    var key = key(call, given.get());
    var sha = sha256(call);
    sha.update(body);
    var request = hex(sha);
    var known = begin(key);
    if (known.isPresent()) {
      return again(known.get(), request);
    }
    try {
      return remembered(key, request, first.get());
    } finally {
      end(key);
    }
  }

  /// The same for content that is handled while it is read, and can't be held. Content that comes
  /// again is read to its end, to see that it is the same, and nothing is done.
  ///
  /// @param first reads to the end, if it answers with a success
  public Answer onceRead(Call call, InputStream content, Function<InputStream, Answer> first) {
    var given = call.header("idempotency-key");
    if (given.isEmpty()) {
      return first.apply(content);
    }
    var key = key(call, given.get());
    var sha = sha256(call);
    var read = new DigestInputStream(content, sha);
    var known = begin(key);
    if (known.isPresent()) {
      drain(read);
      return again(known.get(), hex(sha));
    }
    try {
      var answer = first.apply(read);
      return remembered(key, hex(sha), answer);
    } finally {
      end(key);
    }
  }

  private static void drain(InputStream content) {
    try {
      var _ = content.transferTo(OutputStream.nullOutputStream());
    } catch (ApiProblem e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      throw new ApiProblem(Problem.unreadable());
    }
  }

  /// Nobody gets another's answer.
  private static String key(Call call, String given) {
    return call.caller().key() + " " + checked(given);
  }

  /// What was answered before; empty if it was not, and is under way from now on.
  private synchronized Optional<Remembered> begin(String key) {
    forgetOld();
    var known = answers.get(key);
    if (known == null && !underWay.add(key)) {
      throw new ApiProblem(
          Problem.conflict("a request with this Idempotency-Key is under way; try again"));
    }
    return Optional.ofNullable(known);
  }

  private synchronized void end(String key) {
    underWay.remove(key);
  }

  private static Answer again(Remembered known, String request) {
    if (!known.request.equals(request)) {
      throw new ApiProblem(Problem.keyReused());
    }
    return known.answer.with("Idempotent-Replayed", "true");
  }

  private Answer remembered(String key, String request, Answer answer) {
    if (answer.isSuccess()) {
      remember(key, new Remembered(request, answer, clock.instant()));
    }
    return answer;
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

  private static String hex(MessageDigest sha) {
    return HexFormat.of().formatHex(sha.digest());
  }

  private static MessageDigest sha256(Call call) {
    try {
      var sha = MessageDigest.getInstance("SHA-256");
      sha.update((call.method() + " " + call.path() + "\n").getBytes(UTF_8));
      return sha;
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
