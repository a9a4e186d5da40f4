package dev.fanfare.sandbox.system;

import static dev.fanfare.sandbox.system.Customer.header;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.fanfare.testkit.receiver.Receiver;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From the API to a signed POST: real broker, real registry, real HTTP, the shipped program.
class EndToEndST {
  @TempDir Path directory;

  @Test
  void anEventArrivesSignedAtWhoAskedForItAndAtNobodyElse() throws Exception {
    var deployment = Deployment.of(getClass(), directory, "");
    try (var receiver = Receiver.start();
        var dispatcher = DispatcherProcess.start(deployment, directory)) {
      // Given
      var customer = new Customer(dispatcher.api(), "acme");
      var bounces =
          customer.subscribe(receiver.url("/bounces"), List.of("email.bounced"), Map.of());
      var stranger = new Customer(dispatcher.api(), "globex");
      stranger.subscribe(receiver.url("/stranger"), List.of("*"), Map.of());

      // When
      var sent = Instant.now();
      var id = UUID.randomUUID().toString();
      customer.send("email.opened", List.of(UUID.randomUUID().toString()));
      customer.send("email.bounced", List.of(id));

      // Then
      var request = receiver.await(1, Duration.ofSeconds(30)).getFirst();
      assertThat(request.target()).isEqualTo("/bounces");
      assertThat(request.method()).isEqualTo("POST");
      assertThat(header(request, "webhook-id")).isEqualTo(id);
      assertThat(header(request, "webhook-attempt")).isEqualTo("1");
      assertThat(header(request, "content-type")).startsWith("application/json");
      assertThat(Instant.ofEpochSecond(Long.parseLong(header(request, "webhook-timestamp"))))
          .isBetween(sent.minusSeconds(2), Instant.now().plusSeconds(2));
      assertThat(bounces.signed(request)).isTrue();
      var payload = new ObjectMapper().readTree(request.text());
      assertThat(payload.path("type").asText()).isEqualTo("email.bounced");
      assertThat(payload.path("data").path("recipient").asText()).isEqualTo("ada@customer.example");

      // and when a later one has come through, no other has
      var last = UUID.randomUUID().toString();
      customer.send("email.bounced", List.of(last));
      var all = receiver.await(2, Duration.ofSeconds(30));
      assertThat(all).extracting(it -> header(it, "webhook-id")).containsExactly(id, last);
    }
  }
}
