package dev.fanfare.dispatcher.api;

import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.FieldError;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.control.Change;
import dev.fanfare.dispatcher.control.RequestProblem;
import java.util.ArrayList;
import java.util.List;

/// What `control` refuses, as the API says it.
final class Refusals {
  private static final int RETRY_AFTER = 5;

  private Refusals() {}

  /// What was done; throws what was not.
  ///
  /// @param noun what there is none of, e.g. `subscription`
  static <T> T done(Change<T> change, String noun) {
    return switch (change) {
      case Change.Done<T>(var result) -> result;
      case Change.Unknown<T>() -> throw unknown(noun);
      case Change.Refused<T>(var problems) -> throw invalid(List.of(), problems);
      case Change.Conflict<T>(var why) -> throw new ApiProblem(Problem.conflict(why));
      case Change.Unavailable<T>(var why) -> throw unavailable(why);
    };
  }

  static ApiProblem unknown(String noun) {
    return new ApiProblem(Problem.notFound("there is no " + noun + " of this id"));
  }

  /// What a change may not touch.
  static ApiProblem fixed(String pointer) {
    return new ApiProblem(Problem.invalid(List.of(new FieldError(pointer, "can't be changed"))));
  }

  static ApiProblem unavailable(String why) {
    return new ApiProblem(Problem.unavailable(why, RETRY_AFTER));
  }

  /// All at once; where a field could not be read, what follows from that is left out.
  static ApiProblem invalid(List<FieldError> unreadable, List<RequestProblem> others) {
    var all = new ArrayList<>(unreadable);
    for (var other : others) {
      if (unreadable.stream().noneMatch(it -> concerns(it.pointer(), other.pointer()))) {
        all.add(new FieldError(other.pointer(), other.detail()));
      }
    }
    return new ApiProblem(Problem.invalid(all));
  }

  private static boolean concerns(String unreadable, String other) {
    return unreadable.isEmpty()
        || unreadable.equals(other)
        || unreadable.startsWith(other + "/")
        || other.startsWith(unreadable + "/");
  }
}
