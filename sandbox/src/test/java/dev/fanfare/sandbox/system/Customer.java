package dev.fanfare.sandbox.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.sandbox.demo.ApiClient;
import dev.fanfare.testkit.receiver.Received;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// A customer of the platform, who knows only the API's documentation and Standard Webhooks.
record Customer(ApiClient api, String tenant) {
  private static final int EVENTS_A_REQUEST = 1_000;

  /// @param id of the subscription
  /// @param secret `whsec_…`
  record Subscribed(String id, String secret) {
    /// Whether the request is signed with the secret, as the specification of Standard Webhooks
    /// says: HMAC-SHA256 over `id.timestamp.body`.
    boolean signed(Received request) throws GeneralSecurityException {
      var key = Base64.getDecoder().decode(secret.substring("whsec_".length()));
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      var content = new ByteArrayOutputStream();
      var start = header(request, "webhook-id") + "." + header(request, "webhook-timestamp") + ".";
      content.writeBytes(start.getBytes(UTF_8));
      var body = new byte[request.body().remaining()];
      request.body().duplicate().get(body);
      content.writeBytes(body);
      var expected = Base64.getEncoder().encode(mac.doFinal(content.toByteArray()));
      return List.of(header(request, "webhook-signature").split(" ")).stream()
          .filter(signature -> signature.startsWith("v1,"))
          .map(signature -> signature.substring("v1,".length()).getBytes(UTF_8))
          .anyMatch(signature -> MessageDigest.isEqual(signature, expected));
    }
  }

  static String header(Received request, String name) {
    return request.header(name).orElseThrow(() -> new AssertionError("no header " + name));
  }

  /// @param more further fields of the subscription
  Subscribed subscribe(URI url, List<String> types, Map<String, Object> more) throws IOException {
    var wanted = new HashMap<String, Object>(more);
    wanted.putAll(Map.of("tenant", tenant, "url", url.toString(), "event_types", types));
    var made = good(api.post("/v1/subscriptions", wanted));
    return new Subscribed(made.path("id").asText(), made.path("secret").asText());
  }

  /// Sends events of one type.
  void send(String type, List<String> ids) throws IOException {
    for (int from = 0; from < ids.size(); from += EVENTS_A_REQUEST) {
      var batch = ids.subList(from, Math.min(ids.size(), from + EVENTS_A_REQUEST));
      var events = new ArrayList<Map<String, Object>>();
      for (var id : batch) {
        events.add(
            Map.of(
                "event_id", id,
                "tenant", tenant,
                "type", type,
                "recipient", "ada@customer.example",
                "message_id", "msg_" + id));
      }
      var _ = good(api.post("/v1/events", events));
    }
  }

  private static JsonNode good(ApiClient.Said said) throws IOException {
    if (!said.isGood()) {
      throw new IOException("refused: " + said);
    }
    return said.body();
  }
}
