package dev.fanfare.schemas.payload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.catalogue.EventType;
import dev.fanfare.schemas.json.Bounds;
import dev.fanfare.schemas.json.RecordReader;
import dev.fanfare.schemas.json.Timestamps;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/// Reads the JSON of `POST /v1/events`: the common fields of the event record flat, the details
/// under their name, times as in RFC 3339.
///
/// The text itself is parsed by the caller, who should have duplicate names and trailing text
/// refused (`StreamReadFeature.STRICT_DUPLICATE_DETECTION`,
/// `DeserializationFeature.FAIL_ON_TRAILING_TOKENS`): a tree no longer shows them.
///
/// Immutable; safe for any number of threads.
public final class EventReader {
  /// So many problems are told of one event; a hostile one could have millions.
  public static final int MOST_PROBLEMS = 100;

  private static final Schema EVENT = EmailEvent.getClassSchema();
  private static final Bounds USUAL = new Bounds(1_024, 100, 128);
  private static final Bounds LONG_TEXT = new Bounds(4_096, 100, 128);
  private static final Bounds LINK = new Bounds(8_192, 100, 128);
  private static final Bounds ADDRESSES = new Bounds(1_024, 1_000, 128);

  /// An address has at most 64 + 1 + 255 characters (RFC 5321 section 4.5.3.1).
  private static final Bounds ADDRESS = new Bounds(320, 1, 1);

  private static final Map<String, Bounds> BOUNDS =
      Map.ofEntries(
          Map.entry("recipient", ADDRESS),
          Map.entry("inbox", ADDRESS),
          Map.entry("message_id", new Bounds(256, 1, 1)),
          Map.entry("subject", LONG_TEXT),
          Map.entry("response", LONG_TEXT),
          Map.entry("user_agent", LONG_TEXT),
          Map.entry("url", LINK),
          Map.entry("text_url", LINK),
          Map.entry("html_url", LINK),
          Map.entry("to", ADDRESSES),
          Map.entry("cc", ADDRESSES),
          Map.entry("attachments", ADDRESSES));

  private final EventCatalogue catalogue;
  private final EventCheck check;
  private final RecordReader records;

  /// Detail field to the names of the types that have it.
  private final Map<String, String> typesByDetail;

  public EventReader(EventCatalogue catalogue) {
    this.catalogue = catalogue;
    this.check = new EventCheck(catalogue);
    this.records = new RecordReader(EventReader::bounds);
    this.typesByDetail =
        catalogue.types().stream()
            .filter(type -> type.detail().isPresent())
            .collect(
                Collectors.groupingBy(
                    type -> type.detail().orElseThrow(),
                    TreeMap::new,
                    Collectors.mapping(EventType::name, Collectors.joining(" and "))));
  }

  /// How much a field takes, whatever record it stands in.
  public static Bounds bounds(String field) {
    return BOUNDS.getOrDefault(field, USUAL);
  }

  /// Reads one event.
  public EventReading read(JsonNode json, EventDefaults defaults) {
    return read(json, "", defaults);
  }

  /// Reads one event or an array of them, each for itself; pointers start at the whole.
  public List<EventReading> readAll(JsonNode oneOrMany, EventDefaults defaults) {
    if (!oneOrMany.isArray()) {
      return List.of(read(oneOrMany, defaults));
    }
    var readings = new ArrayList<EventReading>(oneOrMany.size());
    for (int i = 0; i < oneOrMany.size(); i++) {
      readings.add(read(oneOrMany.get(i), "/" + i, defaults));
    }
    return readings;
  }

  private EventReading read(JsonNode json, String at, EventDefaults defaults) {
    if (!(json instanceof ObjectNode object)) {
      return new EventReading.Refused(List.of(new EventProblem(at, "must be an object")));
    }
    var problems = new Problems();
    var event = (EmailEvent) records.read(completed(object, defaults), EVENT, at, problems::add);
    for (var fault : check.faults(event)) {
      problems.addUnlessKnown(RecordReader.under(at, fault.field()), fault.detail());
    }
    checkTenant(event, at, defaults, problems);
    checkDetails(event, at, problems);
    return problems.isEmpty()
        ? new EventReading.Read(event)
        : new EventReading.Refused(problems.all());
  }

  private static ObjectNode completed(ObjectNode given, EventDefaults defaults) {
    var whole = given.objectNode();
    whole.setAll(given);
    if (isAbsent(given, "event_id")) {
      whole.put("event_id", defaults.eventId().get().value());
    }
    if (isAbsent(given, "occurred_at")) {
      whole.put("occurred_at", Timestamps.text(defaults.occurredAt().get()));
    }
    if (isAbsent(given, "tenant")) {
      defaults.tenant().ifPresent(tenant -> whole.put("tenant", tenant.value()));
    }
    return whole;
  }

  private static boolean isAbsent(ObjectNode given, String field) {
    var value = given.get(field);
    return value == null || value.isNull();
  }

  private static void checkTenant(
      EmailEvent event, String at, EventDefaults defaults, Problems problems) {
    boolean foreign =
        event.getTenant() != null
            && defaults.tenant().filter(own -> !own.value().equals(event.getTenant())).isPresent();
    if (foreign) {
      problems.add(RecordReader.under(at, "tenant"), "is not the tenant of the sender");
    }
  }

  private void checkDetails(EmailEvent event, String at, Problems problems) {
    var type =
        event.getType() == null ? Optional.<EventType>empty() : catalogue.find(event.getType());
    if (type.isEmpty()) {
      return;
    }
    for (var detail : typesByDetail.entrySet()) {
      boolean own = type.get().detail().filter(detail.getKey()::equals).isPresent();
      if (!own && event.get(detail.getKey()) != null) {
        problems.add(
            RecordReader.under(at, detail.getKey()),
            "belongs to " + detail.getValue() + ", not to " + type.get());
      }
    }
  }

  /// What was found so far, in order.
  private static final class Problems {
    private final List<EventProblem> found = new ArrayList<>();
    private final Set<String> pointers = new HashSet<>();

    void add(String pointer, String detail) {
      if (found.size() < MOST_PROBLEMS) {
        found.add(new EventProblem(pointer, detail));
      }
      pointers.add(pointer);
    }

    /// One problem a field is enough: what is not a text need not also be told to be blank.
    void addUnlessKnown(String pointer, String detail) {
      if (!pointers.contains(pointer)) {
        add(pointer, detail);
      }
    }

    boolean isEmpty() {
      return found.isEmpty();
    }

    List<EventProblem> all() {
      return found;
    }
  }
}
