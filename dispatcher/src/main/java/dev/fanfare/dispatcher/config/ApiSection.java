package dev.fanfare.dispatcher.config;

import dev.fanfare.dispatcher.api.AccessSettings;
import dev.fanfare.dispatcher.api.ApiSettings;
import dev.fanfare.dispatcher.api.BodyLimits;
import dev.fanfare.dispatcher.api.RateLimits;
import java.time.Duration;
import java.util.Optional;

/// The section `api`, as far as it is the server's.
final class ApiSection {
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  private ApiSection() {}

  static Optional<ApiSettings> read(Section section) {
    var host = section.text("host");
    int port = section.integer("port", 0, 65_535);
    var key = section.optionalText("api_key");
    boolean open = section.flag("open");
    boolean metricsNeedKey = section.flag("metrics_need_key");
    int perAddress = section.integer("requests_per_address", 0, 1_000_000);
    int perKey = section.integer("requests_per_key", 0, 1_000_000);
    int perForger = section.integer("forgeries_per_address", 0, 1_000_000);
    long body = section.size("max_body", KIB, 64 * MIB);
    long event = section.size("max_event", KIB, MIB / 2);
    int events = section.integer("max_events", 1, 100_000);
    long stream = section.size("max_stream", KIB, 1024 * 1024 * MIB);
    long bodies = section.size("max_bodies", MIB, 4096 * MIB);
    var window = section.duration("idempotency_window", Duration.ofMinutes(1), Duration.ofDays(7));
    return section.build(() ->
        new ApiSettings(
            host,
            port,
            new AccessSettings(
                key, open, metricsNeedKey, new RateLimits(perAddress, perKey, perForger)),
            new BodyLimits((int) body, (int) event, events, stream, bodies),
            window));
  }
}
