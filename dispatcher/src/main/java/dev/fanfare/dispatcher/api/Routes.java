package dev.fanfare.dispatcher.api;

import static dev.fanfare.dispatcher.api.exchange.Access.ADMINS;
import static dev.fanfare.dispatcher.api.exchange.Access.ANY_KEY;
import static dev.fanfare.dispatcher.api.exchange.Access.OPEN;
import static dev.fanfare.dispatcher.api.exchange.Access.OPERATIONS;
import static dev.fanfare.dispatcher.api.exchange.Access.OWNERS;
import static dev.fanfare.dispatcher.api.exchange.Access.PRODUCERS;
import static dev.fanfare.dispatcher.api.exchange.Access.READERS;

import dev.fanfare.dispatcher.alerting.Alerts;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.IdempotencyKeys;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.api.exchange.Route;
import dev.fanfare.dispatcher.control.ApiKeys;
import dev.fanfare.dispatcher.control.EndpointTrial;
import dev.fanfare.dispatcher.control.EventIntake;
import dev.fanfare.dispatcher.control.FilterPreview;
import dev.fanfare.dispatcher.control.Ownership;
import dev.fanfare.dispatcher.control.Replays;
import dev.fanfare.dispatcher.control.Resealing;
import dev.fanfare.dispatcher.control.Subscriptions;
import dev.fanfare.dispatcher.control.Tenants;
import dev.fanfare.dispatcher.ingest.Ingest;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Everything that is answered, and who may ask. What is not listed does not exist.
public record Routes(List<Route> routes) {
  public Routes {
    routes = List.copyOf(routes);
  }

  /// A route and what its path's variables stand for.
  record Found(Route route, Map<String, String> variables) {}

  /// What every process answers, whatever its roles.
  public static Routes operations(
      ApiSettings settings, PrometheusMeterRegistry meters, List<Component> components) {
    var health = new HealthResource(components);
    var metrics = new MetricsResource(meters);
    var metricsAccess = settings.access().metricsNeedKey() ? OPERATIONS : OPEN;
    return new Routes(
        List.of(
            new Route("GET", "/health/live", OPEN, health::live),
            new Route("GET", "/health/ready", OPEN, health::ready),
            new Route("GET", "/metrics", metricsAccess, metrics::scrape)));
  }

  /// The REST API.
  public static Routes rest(
      ApiSettings settings,
      Subscriptions subscriptions,
      Ownership ownership,
      EventIntake intake,
      EventCatalogue catalogue) {
    var idempotency = new IdempotencyKeys(settings.idempotencyWindow(), InstantSource.system());
    var events = new EventResource(intake, idempotency, settings.limits());
    var eventTypes = new EventTypeResource(catalogue);
    var subscription = new SubscriptionResource(subscriptions, ownership, idempotency);
    return new Routes(
        List.of(
            new Route("POST", "/v1/events", PRODUCERS, events::accept),
            new Route("GET", "/v1/event-types", ANY_KEY, eventTypes::list),
            new Route("GET", "/v1/event-types/{type}", ANY_KEY, eventTypes::show),
            new Route("POST", "/v1/subscriptions", OWNERS, subscription::create),
            new Route("GET", "/v1/subscriptions", READERS, subscription::list),
            new Route("GET", "/v1/subscriptions/{id}", READERS, subscription::show),
            new Route("PATCH", "/v1/subscriptions/{id}", OWNERS, subscription::change),
            new Route("DELETE", "/v1/subscriptions/{id}", OWNERS, subscription::remove),
            new Route("POST", "/v1/subscriptions/{id}/verify", OWNERS, subscription::verify),
            new Route("POST", "/v1/subscriptions/{id}/pause", OWNERS, subscription::pause),
            new Route("POST", "/v1/subscriptions/{id}/resume", OWNERS, subscription::resume),
            new Route("POST", "/v1/subscriptions/{id}/secret/rotate", OWNERS, subscription::rotate),
            new Route("GET", "/v1/subscriptions/{id}/secret", OWNERS, subscription::secret)));
  }

  /// Trying out what a subscription would get.
  public static Routes trials(Subscriptions subscriptions, EndpointTrial trial) {
    var resource = new TrialResource(subscriptions, trial);
    return new Routes(
        List.of(new Route("POST", "/v1/subscriptions/{id}/test", OWNERS, resource::attempt)));
  }

  /// Trying out what a filter would let through.
  public static Routes previews(FilterPreview preview) {
    var resource = new PreviewResource(preview);
    return new Routes(
        List.of(new Route("POST", "/v1/subscriptions/preview", OWNERS, resource::tried)));
  }

  /// What is sealed, sealed anew.
  public static Routes sealing(Resealing resealing) {
    var resource = new SealResource(resealing);
    return new Routes(
        List.of(new Route("POST", "/v1/subscriptions/reseal", ADMINS, resource::reseal)));
  }

  /// Tenants and keys.
  public static Routes access(ApiSettings settings, Tenants tenants, ApiKeys keys) {
    var idempotency = new IdempotencyKeys(settings.idempotencyWindow(), InstantSource.system());
    var tenant = new TenantResource(tenants, idempotency);
    var key = new KeyResource(keys, idempotency);
    return new Routes(
        List.of(
            new Route("POST", "/v1/tenants", ADMINS, tenant::create),
            new Route("GET", "/v1/tenants", READERS, tenant::list),
            new Route("GET", "/v1/tenants/{id}", READERS, tenant::show),
            new Route("PATCH", "/v1/tenants/{id}", ADMINS, tenant::update),
            new Route("DELETE", "/v1/tenants/{id}", ADMINS, tenant::remove),
            new Route("POST", "/v1/keys", OWNERS, key::create),
            new Route("GET", "/v1/keys", OWNERS, key::list),
            new Route("GET", "/v1/keys/{id}", OWNERS, key::show),
            new Route("DELETE", "/v1/keys/{id}", OWNERS, key::revoke)));
  }

  /// What is delivered again.
  public static Routes replays(ApiSettings settings, Replays replays) {
    var idempotency = new IdempotencyKeys(settings.idempotencyWindow(), InstantSource.system());
    var replay = new ReplayResource(replays, idempotency);
    return new Routes(
        List.of(
            new Route("POST", "/v1/replays", OWNERS, replay::create),
            new Route("GET", "/v1/replays", READERS, replay::list),
            new Route("GET", "/v1/replays/{id}", READERS, replay::show),
            new Route("POST", "/v1/replays/{id}/pause", OWNERS, replay::pause),
            new Route("POST", "/v1/replays/{id}/resume", OWNERS, replay::resume),
            new Route("POST", "/v1/replays/{id}/cancel", OWNERS, replay::cancel),
            new Route("POST", "/v1/deliveries/{id}/replay", OWNERS, replay::again)));
  }

  /// When somebody is told, and what they were told.
  public static Routes alerts(Alerts alerts) {
    var alert = new AlertResource(alerts);
    return new Routes(
        List.of(
            new Route("GET", "/v1/alert-rules", READERS, alert::rules),
            new Route("PUT", "/v1/alert-rules", OWNERS, alert::replace),
            new Route("GET", "/v1/alerts", READERS, alert::list)));
  }

  /// What other senders of mail post. Each proves itself in its own way, so none needs our key.
  public static Routes ingest(ApiSettings settings, Ingest ingest) {
    var resource =
        new IngestResource(ingest, settings.access().limits().perForger(), System::nanoTime);
    return new Routes(List.of(new Route("POST", "/v1/ingest/{provider}", OPEN, resource::accept)));
  }

  /// These, and their description at `/openapi.json`.
  public Routes described() {
    var all = new ArrayList<>(routes);
    all.add(new Route("GET", "/openapi.json", OPEN, call -> openApi(call, all)));
    return new Routes(all);
  }

  private static Answer openApi(Call call, List<Route> all) {
    call.allowParameters();
    return Answer.json(200, OpenApi.load().describe(all));
  }

  public Routes and(Routes others) {
    var all = new ArrayList<>(routes);
    all.addAll(others.routes);
    return new Routes(all);
  }

  boolean needKey() {
    return routes.stream().anyMatch(route -> route.access().needsKey());
  }

  /// @param method in capitals; HEAD finds what GET does
  /// @throws ApiProblem 404 if the path is nobody's, 405 if it takes other methods only
  Found find(String method, String rawPath) {
    var wanted = method.equals("HEAD") ? "GET" : method;
    var allowed = new TreeSet<String>();
    for (var route : routes) {
      var variables = route.match(rawPath);
      if (variables.isPresent()) {
        if (route.method().equals(wanted)) {
          return new Found(route, variables.get());
        }
        allowed.add(route.method());
      }
    }
    if (allowed.contains("GET")) {
      allowed.add("HEAD");
    }
    throw new ApiProblem(
        allowed.isEmpty()
            ? Problem.notFound("nothing is at this address")
            : Problem.methodNotAllowed(String.join(", ", allowed)));
  }
}
