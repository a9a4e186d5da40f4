package dev.fanfare.dispatcher.api.exchange;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;

/// One JSON object while its fields are taken out. What is wrong is noted with its pointer and
/// reads as absent, so that everything that is wrong is found in one go. `null` is absent.
public final class ObjectReading {
  /// So many things are told of one request; a hostile one could have millions.
  public static final int MOST_ERRORS = 200;

  private static final int LONGEST_TEXT = 4_096;
  private static final int LONGEST_KEY = 256;
  private static final int MOST_ITEMS = 200;

  private final String at;
  private final Map<String, JsonNode> fields = new LinkedHashMap<>();
  private final Set<String> asked = new HashSet<>();
  private final List<FieldError> errors;

  private ObjectReading(JsonNode json, String at, List<FieldError> errors) {
    this.at = at;
    this.errors = errors;
    if (json instanceof ObjectNode object) {
      object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    } else {
      wrong(at, "must be an object");
    }
  }

  public static ObjectReading of(JsonNode json) {
    return new ObjectReading(json, "", new ArrayList<>());
  }

  /// What was wrong so far, in the object and in those inside; at most [#MOST_ERRORS].
  public List<FieldError> errors() {
    return errors;
  }

  public Optional<String> text(String name) {
    return value(name).flatMap(value -> text(value, under(name)));
  }

  /// A text that may be longer than others, e.g. a certificate.
  public Optional<String> longText(String name, int longest) {
    return value(name).flatMap(value -> text(value, under(name), longest));
  }

  /// A text that stands for something else.
  ///
  /// @param parse throws [IllegalArgumentException] for what is none; the message is shown
  public <T> Optional<T> parsed(String name, Function<String, T> parse) {
    return text(name).flatMap(text -> parsed(text, under(name), parse));
  }

  public List<String> texts(String name) {
    return parsedTexts(name, Function.identity());
  }

  public <T> List<T> parsedTexts(String name, Function<String, T> parse) {
    var parsed = new ArrayList<T>();
    value(name).ifPresent(value -> each(value, under(name), parse, parsed));
    return parsed;
  }

  public Map<String, String> textMap(String name) {
    var texts = new LinkedHashMap<String, String>();
    entries(name)
        .forEach((key, value) ->
            text(value, pointer(under(name), key)).ifPresent(text -> texts.put(key, text)));
    return texts;
  }

  public Map<String, List<String>> textsMap(String name) {
    var lists = new LinkedHashMap<String, List<String>>();
    entries(name)
        .forEach((key, value) -> {
          var texts = new ArrayList<String>();
          each(value, pointer(under(name), key), Function.identity(), texts);
          lists.put(key, texts);
        });
    return lists;
  }

  public OptionalInt integer(String name) {
    var value = value(name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    if (value.get().isIntegralNumber() && value.get().canConvertToInt()) {
      return OptionalInt.of(value.get().intValue());
    }
    wrong(under(name), "must be a whole number");
    return OptionalInt.empty();
  }

  public OptionalDouble number(String name) {
    var value = value(name);
    if (value.isEmpty()) {
      return OptionalDouble.empty();
    }
    if (value.get().isNumber() && Double.isFinite(value.get().doubleValue())) {
      return OptionalDouble.of(value.get().doubleValue());
    }
    wrong(under(name), "must be a number");
    return OptionalDouble.empty();
  }

  public Optional<Boolean> flag(String name) {
    var value = value(name);
    if (value.filter(it -> !it.isBoolean()).isPresent()) {
      wrong(under(name), "must be true or false");
      return Optional.empty();
    }
    return value.map(JsonNode::booleanValue);
  }

  /// An object inside; one without fields when it is absent.
  public ObjectReading object(String name) {
    var value = value(name);
    return new ObjectReading(value.orElseGet(Json::object), under(name), errors);
  }

  public boolean has(String name) {
    return value(name).isPresent();
  }

  /// Notes a field that is missing.
  public void require(String name) {
    if (!has(name)) {
      wrong(under(name), "is required");
    }
  }

  /// Notes every field that nobody asked for; to be called last.
  public void refuseUnknown() {
    for (var name : fields.keySet()) {
      if (!asked.contains(name)) {
        wrong(under(name), "is no known field");
      }
    }
  }

  private Optional<JsonNode> value(String name) {
    asked.add(name);
    return Optional.ofNullable(fields.get(name)).filter(value -> !value.isNull());
  }

  private Map<String, JsonNode> entries(String name) {
    var entries = new LinkedHashMap<String, JsonNode>();
    var value = value(name);
    if (value.isEmpty()) {
      return entries;
    }
    if (!(value.get() instanceof ObjectNode object)) {
      wrong(under(name), "must be an object");
    } else if (object.size() > MOST_ITEMS) {
      wrong(under(name), "must have at most " + MOST_ITEMS + " entries");
    } else {
      for (var entry : object.properties()) {
        if (entry.getKey().length() > LONGEST_KEY || !isWellFormed(entry.getKey())) {
          wrong(under(name), "has a key that is too long or no Unicode text");
        } else {
          entries.put(entry.getKey(), entry.getValue());
        }
      }
    }
    return entries;
  }

  private <T> void each(JsonNode list, String pointer, Function<String, T> parse, List<T> parsed) {
    if (!list.isArray()) {
      wrong(pointer, "must be a list");
    } else if (list.size() > MOST_ITEMS) {
      wrong(pointer, "must have at most " + MOST_ITEMS + " items");
    } else {
      for (int i = 0; i < list.size(); i++) {
        var item = pointer + "/" + i;
        text(list.get(i), item).flatMap(text -> parsed(text, item, parse)).ifPresent(parsed::add);
      }
    }
  }

  private <T> Optional<T> parsed(String text, String pointer, Function<String, T> parse) {
    try {
      return Optional.of(parse.apply(text));
    } catch (IllegalArgumentException e) {
      wrong(pointer, String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private Optional<String> text(JsonNode value, String pointer) {
    return text(value, pointer, LONGEST_TEXT);
  }

  private Optional<String> text(JsonNode value, String pointer, int longest) {
    if (!value.isTextual()) {
      wrong(pointer, "must be a text");
    } else if (value.textValue().length() > longest) {
      wrong(pointer, "must have at most " + longest + " characters");
    } else if (!isWellFormed(value.textValue())) {
      wrong(pointer, "must be Unicode text without control characters");
    } else {
      return Optional.of(value.textValue());
    }
    return Optional.empty();
  }

  private void wrong(String pointer, String detail) {
    if (errors.size() < MOST_ERRORS) {
      errors.add(new FieldError(pointer, detail));
    }
  }

  private String under(String name) {
    return pointer(at, name);
  }

  /// RFC 6901: `~` and `/` of a name are written `~0` and `~1`.
  private static String pointer(String parent, String name) {
    var shown = name.length() <= LONGEST_KEY ? name : name.substring(0, LONGEST_KEY);
    return parent + "/" + shown.replace("~", "~0").replace("/", "~1");
  }

  /// No half of a surrogate pair, which UTF-8 can't say, and no control character but tab and line
  /// breaks.
  private static boolean isWellFormed(String text) {
    return text.codePoints()
        .noneMatch(c ->
            (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)
                || (Character.isISOControl(c) && c != '\t' && c != '\n' && c != '\r'));
  }
}
