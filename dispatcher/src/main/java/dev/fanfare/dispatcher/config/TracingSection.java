package dev.fanfare.dispatcher.config;

import dev.fanfare.dispatcher.telemetry.TracingSettings;
import java.net.URI;
import java.util.Optional;

/// Binds the section `tracing`.
final class TracingSection {
  private TracingSection() {}

  static Optional<TracingSettings> read(Section section) {
    var endpoint = section.optionalText("endpoint");
    var authorization = section.optionalText("authorization");
    var service = section.text("service");
    return section.build(
        () -> new TracingSettings(endpoint.map(URI::create), authorization, service));
  }
}
