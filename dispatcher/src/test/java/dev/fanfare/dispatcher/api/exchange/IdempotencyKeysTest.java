package dev.fanfare.dispatcher.api.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.dispatcher.access.AccessRole;
import dev.fanfare.dispatcher.access.Caller;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdempotencyKeysTest {
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.EPOCH);
  private final IdempotencyKeys keys = new IdempotencyKeys(Duration.ofHours(1), now::get);
  private final AtomicInteger made = new AtomicInteger();

  @Test
  void withoutAKeyEveryCallIsMade() {
    once("", "a");
    once("", "a");

    assertThat(made).hasValue(2);
  }

  @Test
  void theSameCallIsMadeOnceAndAnsweredAgain() {
    var first = once("k", "a");
    var second = once("k", "a");

    assertThat(made).hasValue(1);
    assertThat(second.bytes()).isEqualTo(first.bytes());
    assertThat(first.headers()).doesNotContainKey("Idempotent-Replayed");
    assertThat(second.headers()).containsEntry("Idempotent-Replayed", "true");
  }

  @Test
  void anotherBodyUnderTheSameKeyIsRefused() {
    once("k", "a");

    assertStatus(422, () -> once("k", "b"));
    assertThat(made).hasValue(1);
  }

  @Test
  void whileACallIsUnderWayTheNextIsToldSo() {
    var _ =
        keys.once(
            call("k"),
            "a".getBytes(UTF_8),
            () -> {
              assertStatus(409, () -> once("k", "a"));
              return Answer.noContent();
            });
    assertThat(made).hasValue(0);
  }

  @Test
  void whatFailedIsMadeAgain() {
    assertStatus(
        503,
        () ->
            keys.once(
                call("k"),
                "a".getBytes(UTF_8),
                () -> {
                  throw new ApiProblem(Problem.unavailable("away", 1));
                }));

    once("k", "a");

    assertThat(made).hasValue(1);
  }

  @Test
  void isForgottenAfterTheWindow() {
    once("k", "a");
    now.set(now.get().plus(Duration.ofMinutes(61)));

    once("k", "b");

    assertThat(made).hasValue(2);
  }

  @Test
  void theOldestOfTooManyIsForgottenFirst() {
    for (int i = 0; i < 10_001; i++) {
      once("k" + i, "a");
    }

    once("k10000", "a");
    assertThat(made).as("remembered").hasValue(10_001);
    once("k0", "a");
    assertThat(made).as("forgotten").hasValue(10_002);
  }

  @Test
  void largeAnswersAreForgottenSooner() {
    var large = new byte[1 << 20];
    for (int i = 0; i < 64; i++) {
      var _ = keys.once(call("k" + i), large, () -> Answer.text("text/plain", "x".repeat(1 << 20)));
    }

    var _ = keys.once(call("k0"), large, this::make);

    assertThat(made).hasValue(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"with space", "ünicode", "tab\t"})
  void refusesWhatIsNoKey(String key) {
    assertStatus(400, () -> once(key, "a"));
    assertStatus(400, () -> once("k".repeat(256), "a"));
  }

  private Answer once(String key, String body) {
    return keys.once(call(key), body.getBytes(UTF_8), this::make);
  }

  private Answer make() {
    return Answer.text("text/plain", "made " + made.incrementAndGet());
  }

  private static void assertStatus(int status, Supplier<Answer> call) {
    assertThatThrownBy(call::get)
        .isInstanceOfSatisfying(
            ApiProblem.class, e -> assertThat(e.problem().status()).isEqualTo(status));
  }

  @Test
  void nobodyGetsTheAnswerToAnothersCall() {
    once("k", "a");

    var _ =
        keys.once(
            call("k").with(Map.of(), new Caller(AccessRole.TENANT, Optional.of("b"), "key_b")),
            "a".getBytes(UTF_8),
            this::make);

    assertThat(made).hasValue(2);
  }

  private static Call call(String key) {
    return new Call(
        "POST",
        "/v1/events",
        Map.of(),
        Map.of(),
        key.isEmpty() ? Map.of() : Map.of("idempotency-key", key),
        () -> new byte[0],
        Caller.ANYBODY);
  }
}
