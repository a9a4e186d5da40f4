package dev.fanfare.dispatcher.api;

import static dev.fanfare.dispatcher.api.exchange.Route.Access.KEY;
import static dev.fanfare.dispatcher.api.exchange.Route.Access.OPEN;

import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.IdempotencyKeys;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.api.exchange.Route;
import dev.fanfare.dispatcher.control.EventIntake;
import dev.fanfare.dispatcher.control.Subscriptions;
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
    var metricsAccess = settings.access().metricsNeedKey() ? KEY : OPEN;
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
      EventIntake intake,
      EventCatalogue catalogue) {
    var idempotency = new IdempotencyKeys(settings.idempotencyWindow(), InstantSource.system());
    var events = new EventResource(intake, idempotency, settings.limits());
    var eventTypes = new EventTypeResource(catalogue);
    var subscription = new SubscriptionResource(subscriptions, idempotency);
    return new Routes(
        List.of(
            new Route("POST", "/v1/events", KEY, events::accept),
            new Route("GET", "/v1/event-types", KEY, eventTypes::list),
            new Route("GET", "/v1/event-types/{type}", KEY, eventTypes::show),
            new Route("POST", "/v1/subscriptions", KEY, subscription::create),
            new Route("GET", "/v1/subscriptions", KEY, subscription::list),
            new Route("GET", "/v1/subscriptions/{id}", KEY, subscription::show),
            new Route("DELETE", "/v1/subscriptions/{id}", KEY, subscription::remove),
            new Route("GET", "/v1/subscriptions/{id}/secret", KEY, subscription::secret)));
  }

  public Routes and(Routes others) {
    var all = new ArrayList<>(routes);
    all.addAll(others.routes);
    return new Routes(all);
  }

  boolean needKey() {
    return routes.stream().anyMatch(route -> route.access() == KEY);
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
