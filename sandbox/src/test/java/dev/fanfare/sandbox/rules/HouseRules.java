package dev.fanfare.sandbox.rules;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;

/// How our own code looks: names, sizes, nulls, output. Generated classes are not our code.
final class HouseRules {
  static final int MOST_LINES = 400;
  static final int MOST_PARAMETERS = 7;

  private static final Pattern FORBIDDEN_NAME =
      Pattern.compile(".*(Manager|Helper|Utils?|Impl|Context|Info|Data)|(Abstract|Base)[A-Z].*");
  private static final Pattern FORBIDDEN_PACKAGE =
      Pattern.compile("(.*\\.)?(common|util|utils|impl)(\\..*)?");
  private static final Pattern GETTER = Pattern.compile("get[A-Z].*");
  private static final String GENERATED = Layers.ROOT + "schemas.avro";

  private HouseRules() {}

  static ArchRule packagesAreNullMarked() {
    return rule(
        "be in a package whose package-info says @NullMarked",
        type ->
            type.getPackage().tryGetPackageInfo().isPresent()
                    && type.getPackage().isAnnotatedWith(NullMarked.class)
                ? Stream.empty()
                : Stream.of(type.getPackageName() + " is not @NullMarked"));
  }

  static ArchRule namesAreNounsOfTheTrade() {
    return rule(
        "have a name that says what it is",
        type ->
            Stream.of(type)
                .filter(it ->
                    FORBIDDEN_NAME.matcher(it.getSimpleName()).matches()
                        || FORBIDDEN_PACKAGE.matcher(it.getPackageName()).matches())
                .map(it -> it.getName() + " says nothing of the trade"));
  }

  static ArchRule constructorsAreShort() {
    return rule(
        "have constructors of at most " + MOST_PARAMETERS + " parameters",
        type ->
            type.isRecord() || type.isAnonymousClass()
                ? Stream.empty()
                : type.getConstructors().stream()
                    .filter(constructor -> parameters(constructor) > MOST_PARAMETERS)
                    .map(constructor ->
                        constructor.getFullName() + " takes " + parameters(constructor)));
  }

  private static int parameters(JavaConstructor constructor) {
    var type = constructor.getOwner();
    int written = constructor.getRawParameterTypes().size();
    if (type.isEnum()) {
      return written - 2; // the compiler's name and ordinal
    }
    return type.isInnerClass() ? written - 1 : written; // the compiler's outer instance
  }

  static ArchRule accessorsHaveNoPrefix() {
    return rule(
        "call what it has by its name",
        type ->
            type.getMethods().stream()
                .filter(method -> GETTER.matcher(method.getName()).matches())
                .filter(method -> !isSynthetic(method) && !overridesForeign(method))
                .map(method -> method.getFullName() + " has a get prefix"));
  }

  private static boolean isSynthetic(JavaMethod method) {
    return method.getModifiers().contains(JavaModifier.SYNTHETIC);
  }

  private static boolean overridesForeign(JavaMethod method) {
    var type = method.getOwner();
    return Stream.concat(type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
        .filter(above -> !isOurs(above))
        .flatMap(above -> above.getMethods().stream())
        .anyMatch(above ->
            above.getName().equals(method.getName())
                && above.getRawParameterTypes().size() == method.getRawParameterTypes().size());
  }

  /// Where others can see it. A record may hold one, and so a static factory may take one.
  static ArchRule optionalIsReturnedNeverTaken() {
    return rule(
        "take no Optional",
        type ->
            Stream.concat(type.getMethods().stream(), constructorsThatWeWrote(type))
                .filter(unit -> unit.getModifiers().contains(JavaModifier.PUBLIC))
                .filter(unit -> !unit.getModifiers().contains(JavaModifier.SYNTHETIC))
                .filter(unit -> !unit.getModifiers().contains(JavaModifier.STATIC))
                .filter(unit ->
                    unit.getRawParameterTypes().stream()
                        .anyMatch(taken -> taken.isEquivalentTo(Optional.class)))
                .map(unit -> unit.getFullName() + " takes an Optional"));
  }

  private static Stream<JavaConstructor> constructorsThatWeWrote(JavaClass type) {
    return type.isRecord() ? Stream.empty() : type.getConstructors().stream();
  }

  static ArchRule onlyProgramsPrint() {
    return rule(
        "write to the log and not to the console",
        type ->
            mayPrint(type)
                ? Stream.empty()
                : type.getAccessesFromSelf().stream()
                    .filter(HouseRules::prints)
                    .map(JavaAccess::getDescription));
  }

  private static boolean prints(JavaAccess<?> access) {
    var member = access.getTarget().getName();
    return member.equals("printStackTrace")
        || (access.getTargetOwner().isEquivalentTo(System.class)
            && List.of("out", "err").contains(member));
  }

  private static boolean mayPrint(JavaClass type) {
    var name = type.getPackageName();
    return Stream.of("dispatcher.cli", "sandbox", "testkit") // the testkit's log is the console
            .anyMatch(program -> name.startsWith(Layers.ROOT + program))
        && !name.contains(".planted");
  }

  private static ArchRule rule(String words, Function<JavaClass, Stream<String>> faults) {
    return classes()
        .that(describe("are ours", HouseRules::isOurs))
        .should(
            new ArchCondition<>(words) {
              @Override
              public void check(JavaClass type, ConditionEvents events) {
                faults
                    .apply(type)
                    .forEach(fault -> events.add(SimpleConditionEvent.violated(type, fault)));
              }
            });
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith(Layers.ROOT)
        && !type.getPackageName().equals(GENERATED);
  }

  /// What is wrong with the lines of a source file; empty when nothing is.
  static List<String> faultsOf(String file, List<String> lines) {
    if (lines.size() > MOST_LINES) {
      return List.of(file + " has " + lines.size() + " lines");
    }
    if (file.endsWith("package-info.java")
        && lines.stream().noneMatch(line -> line.startsWith("///"))) {
      return List.of(file + " does not say what the package is for");
    }
    return List.of();
  }
}
