package dev.fanfare.schemas.payload;

import static java.util.Objects.requireNonNull;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.catalogue.EventType;
import dev.fanfare.schemas.json.Timestamps;
import dev.fanfare.schemas.serde.TrustedClasses;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.random.RandomGenerator;
import org.apache.avro.Schema;
import org.apache.avro.specific.SpecificData;
import org.apache.avro.specific.SpecificRecord;
import org.jspecify.annotations.Nullable;

/// Events with every optional field there or not, and with texts that break careless code.
///
/// @param broken whether there may also be what only a faulty program can make: halves of surrogate
///   pairs, numbers that are none, times beyond the calendar
public record RandomEvents(RandomGenerator random, boolean broken) {
  static {
    TrustedClasses.trustOurs();
  }

  private static final List<String> TEXTS =
      List.of(
          "",
          "plain",
          "Tomás Núñez",
          "漢字かな",
          "🙁👩‍👩‍👧‍👦🇩🇪",
          "\"}],{\\",
          "</script><!--",
          "a\r\nwebhook-id: forged",
          "\u0000\u0001\u001f\u007f\u0085",
          "\u2028\u2029\u202e\ufeff",
          "\uffff\ufdd0",
          "%s${jndi:x}{{7*7}}",
          "null",
          "🙂".repeat(700),
          "ä".repeat(1_000));
  private static final List<String> BROKEN_TEXTS =
      List.of("\ud800", "\udc00", "x\ud83d", "\ude41y", "\ud83d\ud83d\ude41", "\udfff".repeat(900));

  public static RandomEvents seeded(long seed) {
    return new RandomEvents(new Random(seed), false);
  }

  public static RandomEvents brokenSeeded(long seed) {
    return new RandomEvents(new Random(seed), true);
  }

  public EmailEvent of(EventType type) {
    var event = new EmailEvent();
    for (var field : EmailEvent.getClassSchema().getFields()) {
      event.put(field.pos(), field(field, type));
    }
    return event;
  }

  private @Nullable Object field(Schema.Field field, EventType type) {
    return switch (field.name()) {
      case "event_id", "tenant" -> "id-" + Long.toHexString(random.nextLong());
      case "type" -> type.name();
      case "occurred_at" -> time(false);
      case "message_id", "recipient" -> "x" + text(200);
      case "inbox" -> random.nextBoolean() ? null : text(300);
      default -> {
        var value = value(field.schema());
        yield isDetail(field) && !type.detail().equals(Optional.of(field.name())) ? null : value;
      }
    };
  }

  private static boolean isDetail(Schema.Field field) {
    return field.schema().isUnion()
        && field.schema().getTypes().getLast().getType() == Schema.Type.RECORD;
  }

  private @Nullable Object value(Schema schema) {
    return switch (schema.getType()) {
      case UNION -> random.nextBoolean() ? null : value(schema.getTypes().getLast());
      case STRING -> text(1_024);
      case INT -> pick(List.of(0, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, random.nextInt()));
      case LONG ->
          schema.getLogicalType() == null
              ? pick(List.of(0L, -1L, Long.MAX_VALUE, Long.MIN_VALUE, random.nextLong()))
              : time(broken);
      case DOUBLE -> number();
      case BOOLEAN -> random.nextBoolean();
      case ARRAY -> {
        var items = new ArrayList<Object>();
        for (int i = random.nextInt(4); i > 0; i--) {
          items.add(requireNonNull(value(schema.getElementType())));
        }
        yield items;
      }
      case MAP -> {
        var entries = new LinkedHashMap<String, Object>();
        for (int i = random.nextInt(4); i > 0; i--) {
          entries.put(i + text(100), requireNonNull(value(schema.getValueType())));
        }
        yield entries;
      }
      case RECORD -> {
        var record = (SpecificRecord) SpecificData.get().newRecord(null, schema);
        schema.getFields().forEach(field -> record.put(field.pos(), value(field.schema())));
        yield record;
      }
      default -> throw new IllegalStateException("no value for " + schema);
    };
  }

  private String text(int longest) {
    var text = pick(broken && random.nextInt(3) == 0 ? BROKEN_TEXTS : TEXTS);
    if (text.length() <= longest) {
      return text;
    }
    int end = longest;
    if (!broken && Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end);
  }

  private double number() {
    if (broken && random.nextInt(3) == 0) {
      return pick(List.of(Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY));
    }
    return pick(
        List.of(0.0, -0.5, Double.MAX_VALUE, Double.MIN_VALUE, 1e21, random.nextGaussian()));
  }

  private Instant time(boolean beyond) {
    if (beyond && random.nextInt(3) == 0) {
      return Instant.ofEpochMilli(random.nextLong());
    }
    return Instant.ofEpochMilli(
        random.nextLong(Timestamps.EARLIEST.toEpochMilli(), Timestamps.LATEST.toEpochMilli()));
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }
}
