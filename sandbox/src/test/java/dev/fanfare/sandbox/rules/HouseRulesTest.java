package dev.fanfare.sandbox.rules;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/// How the code of all modules looks.
class HouseRulesTest {
  /// Each rule, and a class that breaks it and no other.
  static final List<Arguments> RULES =
      List.of(
          Arguments.of(HouseRules.packagesAreNullMarked(), "upper is not @NullMarked"),
          Arguments.of(HouseRules.namesAreNounsOfTheTrade(), "PlantedManager"),
          Arguments.of(HouseRules.constructorsAreShort(), "TakesTooMuch"),
          Arguments.of(HouseRules.accessorsHaveNoPrefix(), "getPrefix"),
          Arguments.of(HouseRules.optionalIsReturnedNeverTaken(), "takesAnOptional"),
          Arguments.of(HouseRules.onlyProgramsPrint(), "prints()"));

  @ParameterizedTest
  @FieldSource("RULES")
  void isKept(ArchRule rule, String unused) {
    rule.check(OurClasses.MAIN);
  }

  static List<String> modules() {
    return OurClasses.MODULES;
  }

  @ParameterizedTest
  @MethodSource("modules")
  void filesAreShortAndPackagesSayWhatTheyAreFor(String module) throws IOException {
    var faults = new ArrayList<String>();
    try (var files = Files.walk(OurClasses.sources(module))) {
      for (var file : files.filter(it -> it.toString().endsWith(".java")).toList()) {
        faults.addAll(HouseRules.faultsOf(file.toString(), Files.readAllLines(file)));
      }
    }
    assertThat(faults).isEmpty();
  }

  @Nested
  @DisplayName("each rule can fail")
  class EachRuleCanFail {
    static Stream<Arguments> rules() {
      return RULES.stream();
    }

    @ParameterizedTest
    @MethodSource("rules")
    void onAPlantedFault(ArchRule rule, String fault) {
      var report = rule.evaluate(OurClasses.PLANTED).getFailureReport();

      assertThat(report.getDetails()).anyMatch(detail -> detail.contains(fault));
    }

    @Test
    void butNotOnWhatTheCompilerAddsOrOthersPrescribe() {
      var report = HouseRules.constructorsAreShort().evaluate(OurClasses.PLANTED);
      assertThat(report.getFailureReport().getDetails())
          .noneMatch(detail -> detail.contains("SevenWords"));
      var getters = HouseRules.accessorsHaveNoPrefix().evaluate(OurClasses.PLANTED);
      assertThat(getters.getFailureReport().getDetails())
          .noneMatch(detail -> detail.contains("getKey"));
    }

    @Test
    void onALongFile() {
      var line = "// one more";

      assertThat(HouseRules.faultsOf("Long.java", Collections.nCopies(400, line))).isEmpty();
      assertThat(HouseRules.faultsOf("Long.java", Collections.nCopies(401, line))).hasSize(1);
    }

    @Test
    void onAPackageWithoutAWord() {
      var mute = List.of("@NullMarked", "package dev.fanfare;");

      assertThat(HouseRules.faultsOf("a/package-info.java", mute)).hasSize(1);
    }
  }
}
