package dev.fanfare.dispatcher.subscription.expression;

import dev.cel.checker.CelStandardDeclarations;
import dev.cel.checker.CelStandardDeclarations.StandardFunction;
import dev.cel.checker.CelStandardDeclarations.StandardFunction.Overload.Arithmetic;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelErrorCode;
import dev.cel.common.CelIssue;
import dev.cel.common.CelOptions;
import dev.cel.common.CelValidationException;
import dev.cel.common.ast.CelExpr.ExprKind.Kind;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.Program;
import dev.fanfare.schemas.avro.EmailEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// A condition that somebody wrote in CEL over the variable `event`, compiled: type-checked against
/// the event's schema, without side effects, and bounded, so that no expression on no event holds
/// up the events behind it. Immutable.
///
/// **What bounds it.** Its length and depth; nothing is joined and no regular expression matched,
/// so nothing it handles is larger than the event; a loop runs over at most [#MOST_ROUNDS]
/// elements, and not within another; and all that is done, loops counted with all their rounds, is
/// at most [#HIGHEST_COST] steps.
///
/// **What does not hold.** An event that lacks a field that is asked for does not match, unless the
/// rest decides alone (`||`); nor does one on which something fails, a division by zero or a loop
/// that is too long, and that is counted.
public final class Expression {
  static final int LONGEST = 1_024;
  static final int DEEPEST = 32;
  static final int MOST_ROUNDS = 100;
  static final int HIGHEST_COST = 3_000;
  private static final int MOST_FAULTS = 10;
  private static final int LONGEST_FAULT = 300;

  private static final LongAdder FAILURES = new LongAdder();

  private final String text;
  private final Program program;

  /// What became of a text.
  public sealed interface Compilation {
    record Compiled(Expression expression) implements Compilation {}

    /// @param faults at least one
    record Refused(List<Fault> faults) implements Compilation {}
  }

  /// @param line from 1; 0 where it is about the whole
  /// @param column from 1
  public record Fault(int line, int column, String message) {
    @Override
    public String toString() {
      return line == 0 ? message : "line %d, column %d: %s".formatted(line, column, message);
    }
  }

  private Expression(String text, Program program) {
    this.text = text;
    this.program = program;
  }

  public static Compilation compile(String text) {
    if (text.length() > LONGEST) {
      return refused("must have at most " + LONGEST + " characters");
    }
    var result = Language.COMPILER.compile(text);
    if (result.hasError()) {
      return new Compilation.Refused(
          result.getErrors().stream().limit(MOST_FAULTS).map(Expression::fault).toList());
    }
    try {
      var tree = result.getAst();
      var bound = bound(tree);
      return bound.isPresent()
          ? refused(bound.get())
          : new Compilation.Compiled(new Expression(text, Language.RUNTIME.createProgram(tree)));
    } catch (CelValidationException | CelEvaluationException e) {
      return refused(shown(String.valueOf(e.getMessage())));
    }
  }

  /// Why it may cost too much; empty if it can't.
  private static Optional<String> bound(CelAbstractSyntaxTree tree) {
    var nodes = CelNavigableAst.fromAst(tree).getRoot().allNodes().toList();
    if (nodes.stream().anyMatch(it -> it.getKind() == Kind.STRUCT)) {
      return Optional.of("must not make records");
    }
    long cost = 0;
    for (var node : nodes) {
      long loops = loopsAround(node);
      if (node.getKind() == Kind.COMPREHENSION && loops > 0) {
        return Optional.of("must not loop within a loop");
      }
      cost += loops > 0 ? MOST_ROUNDS : 1;
    }
    return cost > HIGHEST_COST
        ? Optional.of("costs up to %d steps; at most %d are allowed".formatted(cost, HIGHEST_COST))
        : Optional.empty();
  }

  private static long loopsAround(CelNavigableExpr node) {
    long loops = 0;
    for (var it = node.parent(); it.isPresent(); it = it.get().parent()) {
      loops += it.get().getKind() == Kind.COMPREHENSION ? 1 : 0;
    }
    return loops;
  }

  private static Compilation refused(String why) {
    return new Compilation.Refused(List.of(new Fault(0, 0, why)));
  }

  private static Fault fault(CelIssue issue) {
    var at = issue.getSourceLocation();
    return new Fault(at.getLine(), at.getColumn() + 1, shown(issue.getMessage()));
  }

  private static String shown(String message) {
    return message.length() > LONGEST_FAULT ? message.substring(0, LONGEST_FAULT) + "…" : message;
  }

  public boolean holds(EmailEvent event) {
    try {
      return Boolean.TRUE.equals(program.eval(Map.of("event", new RecordView(event))));
    } catch (CelEvaluationException e) {
      if (e.getErrorCode() != CelErrorCode.ATTRIBUTE_NOT_FOUND) {
        FAILURES.increment();
      }
      return false;
    } catch (RuntimeException e) {
      FAILURES.increment(); // a fault of the library's must not stop the events behind this one
      return false;
    }
  }

  /// How often, in this process, an expression failed on an event for another reason than a field
  /// that is not there.
  public static long failures() {
    return FAILURES.sum();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Expression that && text.equals(that.text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }

  /// CEL as it is spoken here; made at first use, which takes a moment.
  private static final class Language {
    static final CelCompiler COMPILER;
    static final CelRuntime RUNTIME;

    static {
      var shape = new EventShape();
      var options =
          CelOptions.current()
              .maxExpressionCodePointSize(LONGEST)
              .maxParseRecursionDepth(DEEPEST)
              .maxParseErrorRecoveryLimit(MOST_FAULTS)
              .maxParseExpressionNodeCount(HIGHEST_COST)
              .comprehensionMaxIterations(MOST_ROUNDS)
              .enableHeterogeneousNumericComparisons(true)
              .build();
      var functions =
          CelStandardDeclarations.newBuilder()
              .filterFunctions((function, overload) ->
                  function != StandardFunction.MATCHES
                      && function != StandardFunction.DYN
                      && overload != Arithmetic.ADD_STRING
                      && overload != Arithmetic.ADD_BYTES
                      && overload != Arithmetic.ADD_LIST)
              .build();
      COMPILER =
          CelCompilerFactory.standardCelCompilerBuilder()
              .setOptions(options)
              .setTypeProvider(shape)
              .addVar("event", shape.event())
              .setResultType(SimpleType.BOOL)
              .setStandardMacros(
                  CelStandardMacro.HAS,
                  CelStandardMacro.ALL,
                  CelStandardMacro.EXISTS,
                  CelStandardMacro.EXISTS_ONE)
              .setStandardEnvironmentEnabled(false)
              .setStandardDeclarations(functions)
              .build();
      RUNTIME =
          CelRuntimeFactory.plannerRuntimeBuilder()
              .setOptions(options)
              .setTypeProvider(shape)
              .build();
    }
  }
}
