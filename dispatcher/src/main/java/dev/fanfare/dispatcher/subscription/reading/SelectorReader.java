package dev.fanfare.dispatcher.subscription.reading;

import static dev.fanfare.dispatcher.subscription.reading.Problems.below;

import dev.fanfare.dispatcher.subscription.Condition;
import dev.fanfare.dispatcher.subscription.FieldPath;
import dev.fanfare.dispatcher.subscription.Selector;
import dev.fanfare.dispatcher.subscription.expression.Expression;
import dev.fanfare.schemas.avro.Filter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads the event types and the filter of a subscription.
final class SelectorReader {
  private static final int MOST_TYPES = 100;
  private static final int MOST_VALUES = 1_000;
  private static final int MOST_FIELDS = 20;
  private static final int LONGEST_VALUE = 1_024;
  private static final Pattern TYPE_PATTERN =
      Pattern.compile("\\*|[a-z][a-z0-9_]{0,63}(\\.[a-z][a-z0-9_]{0,63}){0,7}(\\.\\*)?");

  private SelectorReader() {}

  static Selector read(List<String> eventTypes, @Nullable Filter filter, Problems problems) {
    return new Selector(types(eventTypes, problems), conditions(filter, problems));
  }

  private static List<String> types(List<String> given, Problems problems) {
    var pointer = "/event_types";
    problems.require(!given.isEmpty(), pointer, "must name at least one event type");
    problems.require(
        given.size() <= MOST_TYPES, pointer, "must have at most " + MOST_TYPES + " entries");
    var good = new ArrayList<String>();
    for (int i = 0; i < Math.min(given.size(), MOST_TYPES); i++) {
      boolean usable =
          problems.require(
              TYPE_PATTERN.matcher(given.get(i)).matches(),
              below(pointer, i),
              "must be an event type, a prefix with .* or *");
      if (usable) {
        good.add(given.get(i));
      }
    }
    return good;
  }

  private static List<Condition> conditions(@Nullable Filter filter, Problems problems) {
    if (filter == null) {
      return List.of();
    }
    var conditions = new ArrayList<Condition>();
    values(
        filter.getInboxes(),
        "/filter/inboxes",
        problems,
        all -> conditions.add(Condition.Inboxes.of(all)));
    values(
        filter.getRecipientDomains(),
        "/filter/recipient_domains",
        problems,
        all -> conditions.add(Condition.RecipientDomains.of(all)));
    values(
        filter.getTags(),
        "/filter/tags",
        problems,
        all -> conditions.add(new Condition.Tags(new HashSet<>(all))));
    values(
        filter.getStreams(),
        "/filter/streams",
        problems,
        all -> conditions.add(new Condition.Streams(new HashSet<>(all))));
    fields(filter.getFields(), problems, conditions::add);
    expression(filter.getExpression(), problems, conditions::add);
    return conditions;
  }

  private static void expression(
      @Nullable String given, Problems problems, Consumer<Condition> add) {
    if (given == null) {
      return;
    }
    switch (Expression.compile(given)) {
      case Expression.Compilation.Compiled(var expression) ->
          add.accept(new Condition.Matching(expression));
      case Expression.Compilation.Refused(var faults) ->
          faults.forEach(fault -> problems.add("/filter/expression", fault.toString()));
    }
  }

  /// Hands on the values where any are given and all are good; an empty list is no condition.
  private static void values(
      List<String> given, String pointer, Problems problems, Consumer<List<String>> add) {
    if (!given.isEmpty() && areGood(given, pointer, problems)) {
      add.accept(given);
    }
  }

  private static boolean areGood(List<String> given, String pointer, Problems problems) {
    boolean good =
        problems.require(
            given.size() <= MOST_VALUES, pointer, "must have at most " + MOST_VALUES + " entries");
    for (int i = 0; i < Math.min(given.size(), MOST_VALUES); i++) {
      var value = given.get(i);
      good &=
          problems.require(
              !value.isBlank() && value.length() <= LONGEST_VALUE,
              below(pointer, i),
              "must have 1 to " + LONGEST_VALUE + " characters");
    }
    return good;
  }

  private static void fields(
      Map<String, List<String>> given, Problems problems, Consumer<Condition> add) {
    var pointer = "/filter/fields";
    problems.require(
        given.size() <= MOST_FIELDS, pointer, "must have at most " + MOST_FIELDS + " entries");
    given.entrySet().stream()
        .limit(MOST_FIELDS)
        .forEach(each ->
            field(each.getKey(), each.getValue(), below(pointer, each.getKey()), problems, add));
  }

  private static void field(
      String name, List<String> given, String pointer, Problems problems, Consumer<Condition> add) {
    var path = name.length() > LONGEST_VALUE ? null : FieldPath.find(name).orElse(null);
    if (path == null) {
      problems.add(pointer, "is no field of an event that has a single value");
      return;
    }
    if (!problems.require(!given.isEmpty(), pointer, "must have at least one value")
        || !areGood(given, pointer, problems)) {
      return;
    }
    var accepted = new HashSet<String>();
    for (int i = 0; i < given.size(); i++) {
      var canonical = path.canonical(given.get(i));
      problems.require(
          canonical.isPresent(), below(pointer, i), "is no value that this field can have");
      canonical.ifPresent(accepted::add);
    }
    add.accept(new Condition.Field(path, accepted));
  }
}
