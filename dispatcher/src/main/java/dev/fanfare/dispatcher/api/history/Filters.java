package dev.fanfare.dispatcher.api.history;

import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Cursor;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.log.entry.DeliveryStatus;
import dev.fanfare.dispatcher.log.entry.Position;
import dev.fanfare.dispatcher.log.entry.Selection;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The parameters that lists and the live log have in common.
final class Filters {
  static final String[] DELIVERIES = {
    "subscription",
    "tenant",
    "status",
    "type",
    "recipient",
    "event_id",
    "message_id",
    "since",
    "until",
    "cursor",
    "limit"
  };
  static final String[] LETTERS = {
    "subscription", "tenant", "type", "reason", "since", "until", "cursor", "limit"
  };
  static final String[] GROUPS = {"subscription", "tenant", "reason", "since", "until"};
  static final String[] STREAM = {
    "subscription",
    "tenant",
    "status",
    "type",
    "recipient",
    "event_id",
    "message_id",
    "last_event_id"
  };

  private static final int USUAL_PAGE = 50;
  private static final int LARGEST_PAGE = 200;
  private static final int LONGEST = 512;

  /// Of RFC 3339, whose years have four digits.
  private static final Instant END = Instant.parse("+10000-01-01T00:00:00Z");

  private Filters() {}

  /// @throws ApiProblem 400 if a parameter can't be read
  static Selection selection(Call call) {
    return new Selection(
        text(call, "subscription"),
        tenant(call),
        text(call, "status").map(Filters::status),
        text(call, "type"),
        text(call, "recipient"),
        text(call, "event_id"),
        text(call, "message_id"),
        text(call, "reason"),
        time(call, "since").map(Instant::toEpochMilli).orElse(0L),
        time(call, "until").map(Instant::toEpochMilli).orElse(Long.MAX_VALUE));
  }

  /// The caller's own tenant, else the one that is asked for.
  ///
  /// @throws ApiProblem 404 if it is not the caller's
  static Optional<String> tenant(Call call) {
    return call.tenant();
  }

  static Optional<String> text(Call call, String name) {
    var value = call.parameter(name).filter(it -> !it.isEmpty());
    if (value.isPresent() && value.get().length() > LONGEST) {
      throw new ApiProblem(Problem.malformed(name + " is longer than " + LONGEST + " characters"));
    }
    return value;
  }

  private static DeliveryStatus status(String word) {
    return DeliveryStatus.find(word)
        .orElseThrow(() ->
            new ApiProblem(
                Problem.malformed(
                    "status must be one of "
                        + Stream.of(DeliveryStatus.values())
                            .map(DeliveryStatus::word)
                            .collect(Collectors.joining(", ")))));
  }

  static Optional<Instant> time(Call call, String name) {
    return text(call, name)
        .map(value -> {
          try {
            var at = Instant.parse(value);
            if (at.getEpochSecond() >= 0 && at.isBefore(END)) {
              return at;
            }
          } catch (DateTimeException e) {
            // Said below.
          }
          throw new ApiProblem(
              Problem.malformed(name + " must be a time such as 2026-11-24T06:00:00Z"));
        });
  }

  static Position cursor(Call call) {
    return call.parameter("cursor")
        .map(text -> Cursor.read(text, Position::of))
        .orElse(new Position(Long.MAX_VALUE, ""));
  }

  static int limit(Call call) {
    return call.parameter("limit").map(Filters::limit).orElse(USUAL_PAGE);
  }

  private static int limit(String text) {
    if (text.matches("\\d{1,4}")) {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= LARGEST_PAGE) {
        return limit;
      }
    }
    throw new ApiProblem(
        Problem.malformed("limit must be a whole number from 1 to " + LARGEST_PAGE));
  }
}
