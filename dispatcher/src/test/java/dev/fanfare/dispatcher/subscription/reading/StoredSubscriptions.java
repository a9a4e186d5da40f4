package dev.fanfare.dispatcher.subscription.reading;

import dev.fanfare.schemas.avro.SigningSecret;
import dev.fanfare.schemas.avro.Subscription;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/// Stored subscriptions as tests want them: good ones, to be made worse.
public final class StoredSubscriptions {
  public static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private StoredSubscriptions() {}

  public static Subscription.Builder good(String id) {
    return Subscription.newBuilder()
        .setId(id)
        .setTenant("acme")
        .setUrl("https://hooks.example.com/in?a=b")
        .setEventTypes(List.of("email.*"))
        .setSecrets(List.of(hmac(32).build()))
        .setCreatedAt(NOW)
        .setUpdatedAt(NOW);
  }

  public static SigningSecret.Builder hmac(int bytes) {
    return SigningSecret.newBuilder()
        .setKind("hmac")
        .setMaterial(ByteBuffer.allocate(bytes))
        .setCreatedAt(NOW);
  }
}
