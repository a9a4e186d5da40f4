package dev.fanfare.sandbox.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.Received;
import dev.fanfare.testkit.receiver.Receiver;
import dev.fanfare.verifier.WebhookVerifier;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A dispatcher that is killed while it tells somebody of an alert, and again when it has.
@Tag("long")
class AlertKillST {
  private static final Duration ENOUGH = Duration.ofMinutes(2);
  private static final List<String> WITHOUT_END = Collections.nCopies(40, "1s");
  private static final String SECRET = "whsec_" + "c2VjcmV0".repeat(4);

  @TempDir Path directory;

  @Test
  void whoeverIsToldIsToldOnceOfEachTransition() throws Exception {
    try (var hook = Receiver.start();
        var endpoint = Receiver.start()) {
      // Given an endpoint that fails, and somebody to tell who does not answer well
      var deployment = Deployment.of(getClass(), directory, configuration(hook));
      var well = new AtomicBoolean();
      var refused = new AtomicInteger();
      hook.answer(_ -> {
        if (well.get()) {
          return Answer.OK;
        }
        refused.incrementAndGet();
        return Answer.status(503);
      });
      endpoint.answer(Answer.status(500));
      try (var dispatcher = DispatcherProcess.start(deployment, directory)) {
        onlyRule(deployment.apiPort());
        var customer = new Customer(dispatcher.api(), "acme");
        var _ =
            customer.subscribe(
                endpoint.url("/"), List.of("*"), Map.of("retry_schedule", WITHOUT_END));
        customer.send("email.complained", List.of("evt_1"));
        hook.await(1, ENOUGH);

        // When it is killed while it is telling
        dispatcher.kill();
        var fired = id(hook.requests().getFirst());
        well.set(true);
        dispatcher.restart();

        // Then whoever comes after it tells it, under the same id, and then no more
        await().atMost(ENOUGH).until(() -> sent(dispatcher.api(), fired));
        dispatcher.kill();
        dispatcher.restart();

        // and after another kill, the next thing that is said is that it is over
        endpoint.answer(Answer.OK);
        await().atMost(ENOUGH).until(() -> said(hook, "alert.resolved") >= 1);
        assertThat(said(hook, "alert.fired")).isEqualTo(refused.get() + 1);
        assertThat(hook.requests().stream().filter(it -> id(it).equals(fired)))
            .hasSize(refused.get() + 1);
        assertThat(said(hook, "alert.resolved")).isOne();
        assertThat(dispatcher.api().get("/v1/alerts").body().path("items")).hasSize(2);
        var verifier = WebhookVerifier.of(SECRET);
        for (var request : hook.requests()) {
          assertThat(check(verifier, request)).isEqualTo(WebhookVerifier.Result.VALID);
        }
      }
    }
  }

  private static String configuration(Receiver hook) {
    return """
    retry:
      ladder: [1s]
      schedule: [1s]
    alerts:
      every: 200ms
      channels:
        pager: {kind: webhook, target: "%s", secret: %s}
    """
        .formatted(hook.url("/alerts"), SECRET);
  }

  /// In the place of the usual rules.
  private static void onlyRule(int port) throws IOException, InterruptedException {
    var rule =
        "{\"items\":[{\"id\":\"down\",\"kind\":\"consecutive_failures\",\"threshold\":3,"
            + "\"resolve_below\":1,\"notify\":[\"*\"]}]}";
    try (var http = HttpClient.newHttpClient()) {
      var put =
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/v1/alert-rules"))
              .header("content-type", "application/json")
              .PUT(BodyPublishers.ofString(rule))
              .build();
      assertThat(http.send(put, BodyHandlers.ofString()).statusCode()).isEqualTo(200);
    }
  }

  private static String id(Received request) {
    return Customer.header(request, "webhook-id");
  }

  private static boolean sent(ApiClient api, String alert) throws IOException {
    for (var each : api.get("/v1/alerts").body().path("items")) {
      if (each.path("id").asText().equals(alert)) {
        return each.path("notifications").path(0).path("state").asText().equals("sent");
      }
    }
    return false;
  }

  private static long said(Receiver hook, String type) {
    return hook.requests().stream().filter(it -> it.text().contains(type)).count();
  }

  private static WebhookVerifier.Result check(WebhookVerifier verifier, Received request) {
    var body = new byte[request.body().remaining()];
    request.body().duplicate().get(body);
    return verifier.check(
        id(request),
        Customer.header(request, "webhook-timestamp"),
        Customer.header(request, "webhook-signature"),
        body);
  }
}
