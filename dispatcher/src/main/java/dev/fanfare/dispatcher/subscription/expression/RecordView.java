package dev.fanfare.dispatcher.subscription.expression;

import dev.cel.common.exceptions.CelAttributeNotFoundException;
import dev.cel.common.types.CelType;
import dev.cel.common.types.StructTypeReference;
import dev.cel.common.values.StructValue;
import java.util.Collection;
import java.util.Optional;
import org.apache.avro.generic.IndexedRecord;
import org.jspecify.annotations.Nullable;

/// A record as CEL sees it: those of its fields that are there, by name. Looked at where it is;
/// nothing is copied for fields that nobody asks for.
final class RecordView extends StructValue<String, RecordView> {
  @SuppressWarnings("Immutable") // nobody changes an event that has been read
  private final IndexedRecord record;

  RecordView(IndexedRecord record) {
    this.record = record;
  }

  @Override
  public Object select(String name) {
    return find(name).orElseThrow(() -> CelAttributeNotFoundException.forFieldResolution(name));
  }

  @Override
  public Optional<Object> find(String name) {
    var field = record.getSchema().getField(name);
    return field == null ? Optional.empty() : Optional.ofNullable(seen(record.get(field.pos())));
  }

  private static @Nullable Object seen(@Nullable Object value) {
    return switch (value) {
      case IndexedRecord record -> new RecordView(record);
      case Integer number -> number.longValue();
      case Float number -> number.doubleValue();
      case Collection<?> list
          when !list.isEmpty() && list.iterator().next() instanceof IndexedRecord ->
          list.stream().map(RecordView::seen).toList();
      case null -> null;
      default -> value;
    };
  }

  /// CEL unwraps what it loops over; there is nothing inside.
  @Override
  public RecordView value() {
    return this;
  }

  @Override
  public boolean isZeroValue() {
    return false;
  }

  @Override
  public CelType celType() {
    return StructTypeReference.create(record.getSchema().getName());
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RecordView that && record.equals(that.record);
  }

  @Override
  public int hashCode() {
    return record.hashCode();
  }
}
