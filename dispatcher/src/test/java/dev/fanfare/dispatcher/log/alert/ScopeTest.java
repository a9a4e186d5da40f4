package dev.fanfare.dispatcher.log.alert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.fanfare.dispatcher.log.alert.AlertRule.Terms;
import dev.fanfare.dispatcher.log.alert.Scope.Per;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest {
  @ParameterizedTest
  @CsvSource({
    // only tenant, only subscription, per, subject of acme's s1
    "     ,    , SUBSCRIPTION, acme/s1",
    "     ,    , TENANT,       acme/-",
    "     ,    , ALL,          -/-",
    " acme,    , ALL,          acme/-",
    "     , s1 , ALL,          -/s1",
    " acme,    , SUBSCRIPTION, acme/s1",
    " beta,    , SUBSCRIPTION, none",
    " beta,    , ALL,          none",
    "     , s2 , SUBSCRIPTION, none",
    " acme, s1 , SUBSCRIPTION, acme/s1"
  })
  void anEndpointBelongsToOneSubjectOfARuleOrToNone(
      String tenant, String subscription, Per per, String expected) {
    var scope = new Scope(Optional.ofNullable(tenant), Optional.ofNullable(subscription), per);

    var subject = scope.subjectOf("acme", "s1");

    assertThat(
            subject
                .map(it -> it.tenant().orElse("-") + "/" + it.subscription().orElse("-"))
                .orElse("none"))
        .isEqualTo(expected);
  }

  @Test
  void aRuleThatCouldNeverResolveIsRefused() {
    assertThatThrownBy(() -> terms(0, 0)).hasMessageContaining("threshold");
    assertThatThrownBy(() -> terms(Double.NaN, 1)).hasMessageContaining("threshold");
    assertThatThrownBy(() -> terms(5, 6)).hasMessageContaining("resolve_below");
    assertThatThrownBy(() -> terms(5, 0)).hasMessageContaining("resolve_below");
    assertThatThrownBy(() -> new AlertRule.FailureRate(terms(2, 1), Duration.ofMinutes(5), 1))
        .hasMessageContaining("part");
    assertThatThrownBy(() -> new AlertRule.FailureRate(terms(1, 1), Duration.ofSeconds(90), 1))
        .hasMessageContaining("window");
    assertThatThrownBy(() -> new AlertRule.DeadLetters(terms(1, 1), Duration.ofHours(25)))
        .hasMessageContaining("window");
    assertThatThrownBy(() -> new AlertRule.LedgerGap(terms(1, 1))).hasMessageContaining("per");
  }

  @Test
  void theDefaultsAreOfEveryKindAndTellEveryChannel() {
    var rules = DefaultRules.rules();

    assertThat(rules).extracting(AlertRule::kind).containsExactlyInAnyOrder(AlertKind.values());
    assertThat(new HashSet<>(rules.stream().map(it -> it.terms().id()).toList()))
        .hasSameSizeAs(rules);
    assertThat(rules).allMatch(it -> it.terms().channels().equals(List.of(Terms.EVERY_CHANNEL)));
  }

  private static Terms terms(double threshold, double resolveBelow) {
    return new Terms(
        "r", Optional.empty(), Scope.EACH_SUBSCRIPTION, threshold, resolveBelow, true, List.of());
  }
}
