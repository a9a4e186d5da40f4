package dev.fanfare.dispatcher.config;

import dev.fanfare.retry.ladder.DurationText;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;

/// One mapping of the configuration while it is bound: hands out values by key and remembers what
/// was asked for. A value that can't be used is noted, and its default handed out, so that binding
/// goes on and every fault is found. A key that is asked for but has no default is a bug; a key
/// that is given but never asked for is unknown.
final class Section {
  private final String path;
  private final Entry.Mapping given;
  private final Entry.Mapping defaults;
  private final Binding binding;
  private final Set<String> asked = new HashSet<>();
  private final Set<String> variables = new TreeSet<>();

  /// What the sections of one reading share.
  private record Binding(
      Environment environment, List<ConfigProblem> problems, List<Section> sections) {}

  private Section(String path, Entry.Mapping given, Entry.Mapping defaults, Binding binding) {
    this.path = path;
    this.given = given;
    this.defaults = defaults;
    this.binding = binding;
    binding.sections.add(this);
  }

  static Section root(
      ConfigFile defaults, ConfigFile file, Environment environment, List<ConfigProblem> problems) {
    problems.addAll(file.problems());
    var binding = new Binding(environment, problems, new ArrayList<>());
    return new Section("", defaults.root().under(file.root()), defaults.root(), binding);
  }

  Section section(String key) {
    asked.add(key);
    var below = defaultMapping(key);
    return switch (given.entries().get(key)) {
      case Entry.Mapping mapping -> new Section(at(key), mapping, below, binding);
      case null -> new Section(at(key), below, below, binding);
      case Entry.Nothing _ -> new Section(at(key), below, below, binding);
      case Entry other -> {
        problem(key, other, "must be a mapping of keys");
        yield new Section(at(key), below, below, binding);
      }
    };
  }

  /// Sections under names of the user's own, each with these keys, none of which has a default.
  Map<String, Section> named(String key, String... keys) {
    asked.add(key);
    var where = requireDefault(key).where();
    var none = new LinkedHashMap<String, Entry>();
    for (var each : keys) {
      none.put(each, new Entry.Nothing(where));
    }
    var defaultsOfEach = new Entry.Mapping(none, where);
    var sections = new LinkedHashMap<String, Section>();
    switch (given.entries().getOrDefault(key, defaultMapping(key))) {
      case Entry.Nothing _ -> {}
      case Entry.Mapping all ->
          all.entries()
              .forEach((name, entry) -> {
                if (entry instanceof Entry.Mapping one) {
                  var path = at(key) + "." + name;
                  sections.put(name, new Section(path, one, defaultsOfEach, binding));
                } else {
                  problem(key + "." + name, entry, "must be a mapping of keys");
                }
              });
      case Entry other -> problem(key, other, "must be a mapping of names");
    }
    return sections;
  }

  /// The value of a key that has no default; absent, and noted, when it is not given.
  ///
  /// @param parse throws [IllegalArgumentException] for what can't be used
  <T> Optional<T> required(String key, Function<String, T> parse) {
    asked.add(key);
    var entry = entry(key);
    try {
      if (entry instanceof Entry.Scalar(String text, _) && !text.isEmpty()) {
        return Optional.of(parse.apply(text));
      }
      problem(key, entry, "needs a value");
    } catch (IllegalArgumentException e) {
      problem(key, entry, String.valueOf(e.getMessage()));
    }
    return Optional.empty();
  }

  String text(String key) {
    return read(key, Function.identity());
  }

  /// Empty when the key has no value, or an empty one.
  Optional<String> optionalText(String key) {
    return optionalText(key, Function.identity());
  }

  /// @param check throws [IllegalArgumentException] for what can't be used
  Optional<String> optionalText(String key, Function<String, String> check) {
    asked.add(key);
    requireDefault(key);
    var entry = entry(key);
    if (entry instanceof Entry.Listing || entry instanceof Entry.Mapping) {
      problem(key, entry, "must be one value");
    }
    if (entry instanceof Entry.Scalar(String text, _) && !text.isEmpty()) {
      try {
        return Optional.of(check.apply(text));
      } catch (IllegalArgumentException e) {
        problem(key, entry, String.valueOf(e.getMessage()));
      }
    }
    return Optional.empty();
  }

  int integer(String key, int least, int most) {
    return read(
        key,
        text -> {
          if (!text.matches("[+-]?\\d{1,10}")) {
            throw new IllegalArgumentException("must be a whole number");
          }
          long number = Long.parseLong(text);
          require(number >= least && number <= most, "must be between " + least + " and " + most);
          return (int) number;
        });
  }

  boolean flag(String key) {
    return read(
        key,
        text ->
            switch (text) {
              case "true" -> true;
              case "false" -> false;
              default -> throw new IllegalArgumentException("must be true or false");
            });
  }

  Duration duration(String key, Duration least, Duration most) {
    return read(
        key,
        text -> {
          var duration = durationOf(text);
          require(
              duration.compareTo(least) >= 0 && duration.compareTo(most) <= 0,
              "must be between "
                  + DurationText.format(least)
                  + " and "
                  + DurationText.format(most));
          return duration;
        });
  }

  /// In bytes.
  long size(String key, long least, long most) {
    return read(
        key,
        text -> {
          long size = SizeText.parse(text);
          require(
              size >= least && size <= most,
              "must be between " + SizeText.format(least) + " and " + SizeText.format(most));
          return size;
        });
  }

  /// One of a few words.
  <T> T choice(String key, Map<String, T> choices) {
    return read(key, text -> chosen(text, choices));
  }

  /// Some of a few words, each once; in the environment with commas between.
  <T> List<T> choices(String key, Map<String, T> choices) {
    return list(key, text -> chosen(text, choices));
  }

  List<String> texts(String key) {
    return list(key, Function.identity());
  }

  List<Duration> durations(String key) {
    return list(key, Section::durationOf);
  }

  /// Properties that are passed through as they are: every key below a mapping, or, for this
  /// section itself, every key that was not asked for before.
  Map<String, String> properties() {
    var properties = new LinkedHashMap<String, String>();
    given
        .entries()
        .forEach((key, entry) -> {
          if (asked.add(key)) {
            property(key, entry).ifPresent(value -> properties.put(key, value));
          }
        });
    binding
        .environment
        .propertiesBelow(path)
        .forEach((key, scalar) -> properties.put(key, scalar.text()));
    return properties;
  }

  private Optional<String> property(String key, Entry entry) {
    return switch (entry) {
      case Entry.Scalar scalar -> Optional.of(scalar.text());
      case Entry.Nothing _ -> Optional.empty();
      case Entry other -> {
        problem(key, other, "must be one value");
        yield Optional.empty();
      }
    };
  }

  /// The section's settings; empty, and a fault noted, when their own check refuses them.
  <T> Optional<T> build(Supplier<T> settings) {
    try {
      return Optional.of(settings.get());
    } catch (IllegalArgumentException e) {
      var inside = path.isEmpty() ? "" : path + ".";
      boolean known = binding.problems.stream().anyMatch(it -> it.key().startsWith(inside));
      if (!known || path.isEmpty()) {
        binding.problems.add(new ConfigProblem(path, where(), String.valueOf(e.getMessage())));
      }
      return Optional.empty();
    }
  }

  /// Whence the section's values: file and variables, or the defaults.
  private String where() {
    var overrides = String.join(", ", variables);
    if (overrides.isEmpty()) {
      return given.where();
    }
    return given.where().equals(defaults.where()) ? overrides : given.where() + ", " + overrides;
  }

  /// Notes every key and variable that nobody asked for; to be called on the root, last.
  void refuseUnknown() {
    for (var section : binding.sections) {
      section
          .given
          .entries()
          .forEach((key, entry) -> {
            if (!section.asked.contains(key)) {
              section.problem(key, entry, "is no known key" + section.meant(key));
            }
          });
    }
    for (var variable : binding.environment.unknown()) {
      binding.problems.add(new ConfigProblem("", variable, "stands for no known key"));
    }
  }

  private String meant(String key) {
    return asked.stream()
        .filter(known -> Spelling.distance(known, key) <= 2)
        .min(Comparator.comparingInt(known -> Spelling.distance(known, key)))
        .map(known -> "; did you mean " + at(known) + "?")
        .orElse("");
  }

  private <T> T read(String key, Function<String, T> parse) {
    asked.add(key);
    requireDefault(key);
    var entry = entry(key);
    switch (entry) {
      case Entry.Scalar scalar -> {
        try {
          return parse.apply(scalar.text());
        } catch (IllegalArgumentException e) {
          problem(key, entry, String.valueOf(e.getMessage()));
        }
      }
      case Entry.Nothing _ -> problem(key, entry, "needs a value");
      case Entry.Listing _, Entry.Mapping _ -> problem(key, entry, "must be one value");
    }
    if (requireDefault(key) instanceof Entry.Scalar fallback) {
      return parse.apply(fallback.text());
    }
    throw new IllegalStateException("the default of " + at(key) + " is no value");
  }

  private <T> List<T> list(String key, Function<String, T> parse) {
    asked.add(key);
    requireDefault(key);
    var parsed = new ArrayList<T>();
    for (var item : items(key)) {
      if (item instanceof Entry.Scalar scalar) {
        try {
          parsed.add(parse.apply(scalar.text()));
        } catch (IllegalArgumentException e) {
          problem(key, item, String.valueOf(e.getMessage()));
        }
      } else {
        problem(key, item, "must be a list of values");
      }
    }
    return List.copyOf(parsed);
  }

  private List<Entry> items(String key) {
    return switch (entry(key)) {
      case Entry.Listing listing -> listing.items();
      case Entry.Nothing _ -> List.of();
      case Entry.Mapping mapping -> List.of(mapping);
      case Entry.Scalar scalar -> {
        var items = new ArrayList<Entry>();
        for (var part : scalar.text().split(",", -1)) {
          items.add(new Entry.Scalar(part.strip(), scalar.where()));
        }
        yield items;
      }
    };
  }

  private Entry entry(String key) {
    var override = binding.environment.override(at(key));
    if (override.isPresent()) {
      variables.add(override.get().where());
      return override.get();
    }
    return given.entries().getOrDefault(key, requireDefault(key));
  }

  private Entry requireDefault(String key) {
    var entry = defaults.entries().get(key);
    if (entry == null) {
      throw new IllegalStateException(at(key) + " has no default");
    }
    return entry;
  }

  private Entry.Mapping defaultMapping(String key) {
    return switch (requireDefault(key)) {
      case Entry.Mapping mapping -> mapping;
      case Entry other -> new Entry.Mapping(Map.of(), other.where());
    };
  }

  private void problem(String key, Entry entry, String message) {
    binding.problems.add(new ConfigProblem(at(key), entry.where(), message));
  }

  private String at(String key) {
    return path.isEmpty() ? key : path + "." + key;
  }

  private static Duration durationOf(String text) {
    try {
      return DurationText.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("must be a duration such as 250ms, 5s or 2m", e);
    }
  }

  private static <T> T chosen(String text, Map<String, T> choices) {
    var choice = choices.get(text);
    if (choice == null) {
      throw new IllegalArgumentException("must be one of " + String.join(", ", choices.keySet()));
    }
    return choice;
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }
}
