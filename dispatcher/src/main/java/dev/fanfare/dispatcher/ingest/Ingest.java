package dev.fanfare.dispatcher.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.control.EachAcceptance;
import dev.fanfare.dispatcher.control.EventIntake;
import dev.fanfare.dispatcher.control.RequestProblem;
import dev.fanfare.dispatcher.egress.Fetch;
import dev.fanfare.dispatcher.ingest.IngestMetrics.Metric;
import dev.fanfare.dispatcher.ingest.adapter.Provider;
import dev.fanfare.dispatcher.ingest.proof.Proof;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// All sources together. Thread-safe.
public final class Ingest {
  private static final Logger LOG = LoggerFactory.getLogger(Ingest.class);
  private static final String UNKNOWN = "(unknown)";
  private static final int MOST_PROBLEMS = 100;

  private final IngestSettings settings;
  private final EventIntake intake;
  private final InstantSource clock;
  private final IngestMetrics metrics;
  private final Map<String, Source> sources = new HashMap<>();
  private final Map<String, SnsSource> topics = new HashMap<>();

  public Ingest(
      IngestSettings settings,
      EventIntake intake,
      Fetch fetch,
      MeterRegistry meters,
      InstantSource clock) {
    this.settings = settings;
    this.intake = intake;
    this.clock = clock;
    this.metrics = new IngestMetrics(meters);
    var certificates = new SnsCertificates(fetch);
    metrics.known(UNKNOWN);
    for (var source : settings.sources()) {
      metrics.known(source.name());
      if (source.provider() == Provider.SES) {
        topics.put(source.name(), new SnsSource(source, certificates, fetch));
      } else {
        sources.put(source.name(), Source.of(source));
      }
    }
  }

  /// @param source the name of the source; empty when the request names none
  public Receipt receive(Provider provider, String source, Request request) {
    var found = settings.find(provider, source);
    if (found.isEmpty()) {
      LOG.info("a request to {} was refused: no such source, or several", provider.word());
      metrics.count(Metric.FORGED, UNKNOWN, 1);
      return new Receipt.Forged();
    }
    var topic = topics.get(found.get().name());
    return topic == null ? signed(found.get(), request) : published(found.get(), topic, request);
  }

  private Receipt signed(SourceSettings settings, Request request) {
    var source = sources.get(settings.name());
    if (source == null) {
      throw new IllegalStateException("every source that is configured is one or the other");
    }
    return switch (source.check(
        request, () -> documents(request).orElse(List.of()), clock.instant())) {
      case Proof.Forged(var why) -> forged(settings, why);
      case Proof.Genuine() ->
          documents(request)
              .map(it -> take(settings, it, source.deliveryId(request)))
              .orElseGet(() -> unreadable(settings));
    };
  }

  private Receipt published(SourceSettings settings, SnsSource topic, Request request) {
    var envelope = documents(request).orElse(List.of());
    return switch (topic.open(envelope, clock.instant())) {
      case SnsSource.Opened.Forged(var why) -> forged(settings, why);
      case SnsSource.Opened.Unavailable(var why) -> new Receipt.Unavailable(why);
      case SnsSource.Opened.Nothing() -> new Receipt.Taken(0, Map.of(), List.of());
      case SnsSource.Opened.Published(var documents) -> take(settings, documents, "");
    };
  }

  private static Optional<List<JsonNode>> documents(Request request) {
    return Documents.read(request.body());
  }

  private Receipt forged(SourceSettings settings, String why) {
    LOG.info("a request to the source {} was refused: {}", settings.name(), why);
    metrics.count(Metric.FORGED, settings.name(), 1);
    return new Receipt.Forged();
  }

  private Receipt unreadable(SourceSettings settings) {
    LOG.warn("a request to the source {} is no JSON", settings.name());
    metrics.count(Metric.UNUSABLE, settings.name(), 1);
    return new Receipt.Unreadable();
  }

  private Receipt take(SourceSettings settings, List<JsonNode> documents, String deliveryId) {
    var translation = settings.provider().translate(documents, deliveryId);
    var skipped = translation.skipped();
    return switch (intake.acceptEach(translation.events(), settings.tenant())) {
      case EachAcceptance.Unavailable(var why) -> new Receipt.Unavailable(why);
      case EachAcceptance.Handled(var items) -> {
        var problems = problems(items);
        int unusable =
            (int) items.stream().filter(EachAcceptance.Item.Refused.class::isInstance).count();
        int accepted = items.size() - unusable;
        metrics.count(Metric.EVENTS, settings.name(), accepted);
        metrics.count(
            Metric.SKIPPED, settings.name(), skipped.values().stream().mapToInt(it -> it).sum());
        metrics.count(Metric.UNUSABLE, settings.name(), unusable);
        if (unusable > 0) {
          LOG.warn(
              "{} reports of the source {} lack what an event needs, first {}",
              unusable,
              settings.name(),
              problems.getFirst());
        }
        yield new Receipt.Taken(accepted, skipped, problems);
      }
    };
  }

  private static List<RequestProblem> problems(List<EachAcceptance.Item> items) {
    var problems = new ArrayList<RequestProblem>();
    for (int i = 0; i < items.size(); i++) {
      if (items.get(i) instanceof EachAcceptance.Item.Refused(var found)) {
        for (var problem : found) {
          if (problems.size() < MOST_PROBLEMS) {
            problems.add(new RequestProblem("/" + i + problem.pointer(), problem.detail()));
          }
        }
      }
    }
    return problems;
  }
}
