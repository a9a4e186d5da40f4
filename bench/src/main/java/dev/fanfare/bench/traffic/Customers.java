package dev.fanfare.bench.traffic;

import dev.fanfare.bench.rig.DispatcherProcess;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/// Tenants with as many subscriptions each as an event is to have deliveries.
///
/// @param name before each tenant's number
/// @param subscriptions their ids, a tenant's own next to each other
public record Customers(String name, int tenants, int fanout, List<String> subscriptions) {
  private static final int AT_THE_SAME_TIME = 16;

  /// Subscribes them over the API.
  ///
  /// @param endpoint where a subscription's events go, by its number from 0
  /// @param more further fields of each subscription
  public static Customers subscribe(
      DispatcherProcess dispatcher,
      String name,
      int tenants,
      int fanout,
      IntFunction<URI> endpoint,
      Map<String, Object> more) {
    try (var executor =
        Executors.newFixedThreadPool(AT_THE_SAME_TIME, Thread.ofVirtual().factory())) {
      var made =
          IntStream.range(0, tenants * fanout)
              .mapToObj(i ->
                  CompletableFuture.supplyAsync(
                      () -> subscribe(dispatcher, name + i / fanout, endpoint.apply(i), more),
                      executor))
              .toList();
      return new Customers(
          name, tenants, fanout, made.stream().map(CompletableFuture::join).toList());
    }
  }

  private static String subscribe(
      DispatcherProcess dispatcher, String tenant, URI endpoint, Map<String, Object> more) {
    var wanted = new HashMap<>(more);
    wanted.putAll(
        Map.of("tenant", tenant, "url", endpoint.toString(), "event_types", List.of("email.*")));
    return dispatcher.api().post("/v1/subscriptions", wanted).path("id").asText();
  }

  /// Whose event the n-th is: everybody's in turn.
  public String tenant(long n) {
    return name + n % tenants;
  }
}
