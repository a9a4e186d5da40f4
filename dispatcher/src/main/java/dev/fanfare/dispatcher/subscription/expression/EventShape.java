package dev.fanfare.dispatcher.subscription.expression;

import com.google.common.collect.ImmutableCollection;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.cel.common.types.CelType;
import dev.cel.common.types.CelTypeProvider;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.types.StructType;
import dev.fanfare.schemas.avro.EmailEvent;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;

/// The fields of an event and their types, as CEL checks them; taken from the Avro schema.
final class EventShape implements CelTypeProvider {
  @SuppressWarnings("Immutable") // filled while the event's type is made, and never again
  private final Map<String, CelType> structs = new HashMap<>();

  private final CelType event = type(EmailEvent.getClassSchema());

  CelType event() {
    return event;
  }

  @Override
  public ImmutableCollection<CelType> types() {
    return ImmutableSet.copyOf(structs.values());
  }

  @Override
  public Optional<CelType> findType(String name) {
    return Optional.ofNullable(structs.get(name));
  }

  private CelType type(Schema schema) {
    return switch (schema.getType()) {
      case RECORD -> {
        var struct = struct(schema);
        structs.put(struct.name(), struct);
        yield struct;
      }
      case UNION ->
          type(
              schema.getTypes().stream()
                  .filter(it -> it.getType() != Schema.Type.NULL)
                  .findFirst()
                  .orElseThrow());
      case ARRAY -> ListType.create(type(schema.getElementType()));
      case MAP -> MapType.create(SimpleType.STRING, type(schema.getValueType()));
      case LONG, INT ->
          schema.getLogicalType() instanceof LogicalTypes.TimestampMillis
              ? SimpleType.TIMESTAMP
              : SimpleType.INT;
      case FLOAT, DOUBLE -> SimpleType.DOUBLE;
      case BOOLEAN -> SimpleType.BOOL;
      case STRING, ENUM -> SimpleType.STRING;
      case BYTES, FIXED, NULL ->
          throw new IllegalStateException("no event has such a field: " + schema);
    };
  }

  private StructType struct(Schema record) {
    var fields = ImmutableMap.<String, CelType>builder();
    record.getFields().forEach(field -> fields.put(field.name(), type(field.schema())));
    var all = fields.buildOrThrow();
    return StructType.create(
        record.getName(), all.keySet(), name -> Optional.of(Objects.requireNonNull(all.get(name))));
  }
}
