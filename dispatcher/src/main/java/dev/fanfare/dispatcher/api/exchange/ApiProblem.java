package dev.fanfare.dispatcher.api.exchange;

/// Ends a call with a problem, from wherever it is found.
public final class ApiProblem extends RuntimeException {
  private final Problem problem;

  public ApiProblem(Problem problem) {
    super(problem.detail(), null, false, false);
    this.problem = problem;
  }

  public Problem problem() {
    return problem;
  }
}
