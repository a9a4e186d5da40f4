package dev.fanfare.dispatcher.api.history;

import static dev.fanfare.dispatcher.api.exchange.Access.OPEN;
import static dev.fanfare.dispatcher.api.exchange.Access.OPERATIONS;
import static dev.fanfare.dispatcher.api.exchange.Access.OWNERS;
import static dev.fanfare.dispatcher.api.exchange.Access.READERS;

import dev.fanfare.dispatcher.api.exchange.Route;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.dispatcher.log.query.Peers;
import java.time.InstantSource;
import java.util.List;

/// What can be asked about what has happened.
public final class LogRoutes {
  private LogRoutes() {}

  /// For clients.
  public static List<Route> rest(LogRole log) {
    var clock = InstantSource.system();
    var deliveries = new DeliveryResource(log);
    var ledger = new LedgerResource(log, clock);
    var stream = new StreamResource(log);
    var purge = new PurgeResource(log, clock);
    return List.of(
        new Route("GET", "/v1/deliveries", READERS, deliveries::list),
        new Route("GET", "/v1/deliveries/{id}", READERS, deliveries::show),
        new Route("GET", "/v1/dead-letters", READERS, deliveries::letters),
        new Route("GET", "/v1/dead-letters/groups", READERS, deliveries::groups),
        new Route("GET", "/v1/stream", READERS, stream::follow),
        new Route("GET", "/v1/statistics", READERS, ledger::statistics),
        new Route("GET", "/v1/breakers", READERS, ledger::breakers),
        new Route("GET", "/v1/ledger", OPERATIONS, ledger::sum),
        new Route("GET", "/v1/ledger/unaccounted", OPERATIONS, ledger::unaccounted),
        new Route("GET", "/v1/overview", READERS, ledger::overview),
        new Route("DELETE", "/v1/tenants/{id}/data", OWNERS, purge::purge));
  }

  /// For other instances, which show a key of their own.
  public static List<Route> peers(LogRole log, String key) {
    return List.of(new Route("POST", Peers.PATH, OPEN, new PeerResource(log, key)::answer));
  }
}
