package dev.fanfare.sandbox.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Who may use whom, and what decides without touching the world.
class LayersTest {
  private static final String PLANTED = "dev.fanfare.sandbox.rules.planted.";

  static List<String> packages() {
    return List.copyOf(Layers.MAY_USE.keySet());
  }

  @ParameterizedTest
  @MethodSource("packages")
  void usesOnlyWhatItMay(String name) {
    Layers.usesOnly(name, Layers.MAY_USE.getOrDefault(name, Set.of())).check(OurClasses.MAIN);
  }

  @Test
  void everyPackageIsListed() {
    var listed =
        Layers.MAY_USE.keySet().stream()
            .map(name -> Layers.ROOT + name)
            .collect(Collectors.toSet());

    assertThat(OurClasses.MAIN).extracting(JavaClass::getPackageName).isSubsetOf(listed);
  }

  @Test
  void nobodyUsesAPackageThatUsesIt() {
    Layers.freeOfCycles(Layers.ROOT).check(OurClasses.MAIN);
  }

  @Test
  void whatDecidesIsHandedTheTimeAndTheDice() {
    Purity.rule().check(OurClasses.MAIN);
  }

  @Test
  void seesTheClassesOfEveryModule() {
    assertThat(OurClasses.MAIN)
        .extracting(JavaClass::getPackageName)
        .contains(
            "dev.fanfare.schemas.topic",
            "dev.fanfare.retry.transfer",
            "dev.fanfare.dispatcher.egress",
            "dev.fanfare.testkit.kafka");
  }

  @Nested
  @DisplayName("each rule can fail")
  class EachRuleCanFail {
    @Test
    void onAForbiddenArrow() {
      var upper = "sandbox.rules.planted.upper";
      var lower = "sandbox.rules.planted.lower";

      assertThat(violated(Layers.usesOnly(upper, Set.of(lower)))).isFalse();
      assertThat(violated(Layers.usesOnly(upper, Set.of()))).isTrue();
    }

    @Test
    void onACycle() {
      assertThat(violated(Layers.freeOfCycles(PLANTED))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "AsksTheClock",
          "AsksTheClockByReference",
          "RollsDice",
          "MakesItsOwnSecureDice",
          "OpensAFile",
          "StartsAThread",
          "TalksToKafka",
          "ResolvesAName"
        })
    void onADecisionThatReachesTheWorld(String name) {
      assertThat(violated(Purity.rule(type -> type.getName().endsWith("Impure$" + name)))).isTrue();
    }

    @Test
    void butNotOnADecisionThatIsHandedAll() {
      assertThat(violated(Purity.rule(type -> type.getName().endsWith("Impure$NotAtAll"))))
          .isFalse();
    }

    private boolean violated(com.tngtech.archunit.lang.ArchRule rule) {
      return rule.evaluate(OurClasses.PLANTED).hasViolation();
    }
  }
}
