package dev.fanfare.schemas.payload;

import java.util.List;
import java.util.Optional;

/// The form in which a subscription wants its events.
public sealed interface PayloadFormat {
  PayloadFormat STANDARD = new Standard();
  PayloadFormat CLOUDEVENTS_BINARY = new CloudEventsBinary();
  PayloadFormat CLOUDEVENTS_STRUCTURED = new CloudEventsStructured();

  List<PayloadFormat> ALL = List.of(STANDARD, CLOUDEVENTS_BINARY, CLOUDEVENTS_STRUCTURED);

  /// Standard Webhooks 1.0.0: `{"type", "timestamp", "data"}`.
  record Standard() implements PayloadFormat {
    @Override
    public String code() {
      return "standard";
    }

    @Override
    public String contentType() {
      return "application/json";
    }
  }

  /// CloudEvents 1.0.2, HTTP binary mode: the data is the body, the rest goes into `ce-` headers
  /// ([CloudEventsHeaders]).
  record CloudEventsBinary() implements PayloadFormat {
    @Override
    public String code() {
      return "cloudevents-binary";
    }

    @Override
    public String contentType() {
      return "application/json";
    }
  }

  /// CloudEvents 1.0.2, HTTP structured mode: everything in one JSON object.
  record CloudEventsStructured() implements PayloadFormat {
    @Override
    public String code() {
      return "cloudevents-structured";
    }

    @Override
    public String contentType() {
      return "application/cloudevents+json";
    }
  }

  /// How it is written in a subscription.
  String code();

  /// Media type of the body.
  String contentType();

  /// @throws IllegalArgumentException if there is no format of this code
  static PayloadFormat of(String code) {
    return find(code)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "format must be one of "
                    + String.join(", ", ALL.stream().map(PayloadFormat::code).toList())));
  }

  static Optional<PayloadFormat> find(String code) {
    return ALL.stream().filter(format -> format.code().equals(code)).findFirst();
  }
}
