package dev.fanfare.schemas.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;

/// Which fields of the event record stand in the `data` of one event type at one version.
///
/// Left out are `type` and `occurred_at`, which the envelope has, the details of other types, and
/// every field that came later than the version: a field of the Avro schema says so with the
/// property `"since": "1.1"`; without it, it was there from the start.
record FieldSelection(Optional<String> detail, Version version) {
  static final String SCHEMA_VERSION = "schema_version";

  private static final String SINCE = "since";
  private static final List<String> IN_THE_ENVELOPE = List.of("type", "occurred_at");

  /// In the order in which they are written: the common ones, then the detail.
  List<Schema.Field> ofEvent(Schema event) {
    var common = new ArrayList<Schema.Field>();
    var details = new ArrayList<Schema.Field>();
    for (var field : of(event)) {
      if (isDetail(field)) {
        if (detail.filter(field.name()::equals).isPresent()) {
          details.add(field);
        }
      } else if (!IN_THE_ENVELOPE.contains(field.name())) {
        common.add(field);
      }
    }
    if (details.isEmpty() && detail.isPresent()) {
      throw new IllegalStateException(event.getName() + " has no detail " + detail.get());
    }
    common.addAll(details);
    return common;
  }

  /// The fields of any record at this version.
  List<Schema.Field> of(Schema record) {
    return record.getFields().stream().filter(this::isThere).toList();
  }

  private boolean isThere(Schema.Field field) {
    var since = field.getProp(SINCE);
    return since == null || Version.of(since).compareTo(version) <= 0;
  }

  /// Details are the fields of the event record that are records themselves.
  static boolean isDetail(Schema.Field field) {
    return value(field.schema()).getType() == Schema.Type.RECORD;
  }

  /// What a field holds when it holds something: the other branch of a union with null.
  static Schema value(Schema schema) {
    if (!schema.isUnion()) {
      return schema;
    }
    var branches = schema.getTypes().stream().filter(s -> s.getType() != Schema.Type.NULL).toList();
    if (branches.size() != 1) {
      throw new IllegalStateException("a union of more than null and one type: " + schema);
    }
    return branches.getFirst();
  }
}
