package dev.fanfare.dispatcher.config;

import java.util.List;
import java.util.stream.Collectors;

/// The configuration can't be used; carries everything that is wrong with it.
public final class InvalidConfig extends RuntimeException {
  private final List<ConfigProblem> problems;

  public InvalidConfig(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  public List<ConfigProblem> problems() {
    return problems;
  }
}
