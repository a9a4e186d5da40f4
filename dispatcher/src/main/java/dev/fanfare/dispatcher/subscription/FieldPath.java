package dev.fanfare.dispatcher.subscription;

import dev.fanfare.schemas.avro.EmailEvent;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/// The way to one field of an event: `recipient`, `bounce.kind`, `inbound.attachments.filename`,
/// `metadata.order`. Resolved once against the schema, so that following it is a few reads by
/// position. Immutable.
///
/// What follows the name of a map is one key, dots included. A list is passed through to each of
/// its elements.
public final class FieldPath {
  private static final int LONGEST_NUMBER = 40;

  /// Fields that hold an address, compared without regard to case.
  private static final Set<String> ADDRESSES =
      Set.of(
          "recipient",
          "sender",
          "inbox",
          "inbound.from",
          "inbound.to",
          "inbound.cc",
          "complaint.original_mail_from");

  private enum Kind {
    TEXT,
    ADDRESS,
    NUMBER,
    TRUTH,
    TIME
  }

  private sealed interface Step {
    /// To a field by its position in the record.
    record Into(int position) implements Step {}

    /// To the value of a key of a map.
    record Key(String key) implements Step {}

    /// To each element of a list.
    record Each() implements Step {}
  }

  private final String text;
  private final List<Step> steps;
  private final Kind kind;

  private FieldPath(String text, List<Step> steps, Kind kind) {
    this.text = text;
    this.steps = steps;
    this.kind = kind;
  }

  /// Empty when no event has such a field, or it is no single value.
  public static Optional<FieldPath> find(String text) {
    var steps = new ArrayList<Step>();
    var schema = EmailEvent.getClassSchema();
    var rest = text;
    while (!rest.isEmpty()) {
      if (schema.getType() == Schema.Type.MAP) {
        steps.add(new Step.Key(rest));
        schema = notNull(schema.getValueType());
        rest = "";
        continue;
      }
      int dot = rest.indexOf('.');
      var name = dot < 0 ? rest : rest.substring(0, dot);
      rest = dot < 0 ? "" : rest.substring(dot + 1);
      if (schema.getType() != Schema.Type.RECORD || (dot >= 0 && rest.isEmpty())) {
        return Optional.empty();
      }
      var field = schema.getField(name);
      if (field == null) {
        return Optional.empty();
      }
      steps.add(new Step.Into(field.pos()));
      schema = notNull(field.schema());
      if (schema.getType() == Schema.Type.ARRAY) {
        steps.add(new Step.Each());
        schema = notNull(schema.getElementType());
      }
    }
    return kindOf(text, schema).map(kind -> new FieldPath(text, List.copyOf(steps), kind));
  }

  /// An accepted value as this field's values are compared: addresses in lower case, `5` and `5.0`
  /// one number, times as instants. Empty when no value of the field could ever be written so.
  public Optional<String> canonical(String accepted) {
    return switch (kind) {
      case TEXT -> Optional.of(accepted);
      case ADDRESS -> Optional.of(Condition.folded(accepted));
      case NUMBER -> number(accepted);
      case TRUTH ->
          accepted.equals("true") || accepted.equals("false")
              ? Optional.of(accepted)
              : Optional.empty();
      case TIME -> time(accepted);
    };
  }

  /// Whether the event has one of these values here.
  boolean anyIn(EmailEvent event, Set<String> accepted) {
    return follow(event, 0, accepted);
  }

  private boolean follow(@Nullable Object value, int step, Set<String> accepted) {
    if (value == null) {
      return false;
    }
    if (step == steps.size()) {
      return accepted.contains(written(value));
    }
    return switch (steps.get(step)) {
      case Step.Into(int position) ->
          follow(((IndexedRecord) value).get(position), step + 1, accepted);
      case Step.Key(String key) -> follow(((Map<?, ?>) value).get(key), step + 1, accepted);
      case Step.Each() -> {
        for (var element : (Collection<?>) value) {
          if (follow(element, step + 1, accepted)) {
            yield true;
          }
        }
        yield false;
      }
    };
  }

  private String written(Object value) {
    return switch (kind) {
      case ADDRESS -> Condition.folded(value.toString());
      case NUMBER -> number(value.toString()).orElseGet(value::toString);
      case TEXT, TRUTH, TIME -> value.toString();
    };
  }

  private static Optional<String> number(String text) {
    if (text.length() > LONGEST_NUMBER) {
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(text).stripTrailingZeros().toString());
    } catch (NumberFormatException e) {
      return Optional.empty(); // the caller says so
    }
  }

  private static Optional<String> time(String text) {
    try {
      return Optional.of(Instant.parse(text).toString());
    } catch (DateTimeException e) {
      return Optional.empty(); // the caller says so
    }
  }

  private static Optional<Kind> kindOf(String text, Schema schema) {
    return switch (schema.getType()) {
      case STRING -> Optional.of(ADDRESSES.contains(text) ? Kind.ADDRESS : Kind.TEXT);
      case INT, FLOAT, DOUBLE -> Optional.of(Kind.NUMBER);
      case LONG ->
          Optional.of(
              schema.getLogicalType() instanceof LogicalTypes.TimestampMillis
                  ? Kind.TIME
                  : Kind.NUMBER);
      case BOOLEAN -> Optional.of(Kind.TRUTH);
      default -> Optional.empty();
    };
  }

  private static Schema notNull(Schema schema) {
    if (schema.getType() != Schema.Type.UNION) {
      return schema;
    }
    return schema.getTypes().stream()
        .filter(type -> type.getType() != Schema.Type.NULL)
        .findFirst()
        .orElse(schema);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof FieldPath path && path.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
