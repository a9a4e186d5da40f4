package dev.fanfare.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.access.AccessRole;
import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.IdempotencyKeys;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.ObjectReading;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.control.ApiKeys;
import dev.fanfare.schemas.avro.ApiKey;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// `/v1/keys`. A tenant makes and revokes its own; the key itself is shown once.
final class KeyResource {
  private static final String NOUN = "key";

  private final ApiKeys keys;
  private final IdempotencyKeys idempotency;

  KeyResource(ApiKeys keys, IdempotencyKeys idempotency) {
    this.keys = keys;
    this.idempotency = idempotency;
  }

  Answer create(Call call) {
    call.allowParameters();
    var body = call.jsonBytes();
    return idempotency.once(
        call,
        body,
        () -> {
          var spec = read(Json.read(body), call.caller());
          if (!spec.tenant().map(call.caller()::sees).orElse(call.caller().tenant().isEmpty())
              || (call.caller().role() != AccessRole.ADMIN
                  && spec.role().equals(AccessRole.ADMIN.code()))) {
            throw new ApiProblem(Problem.forbidden("a tenant makes keys for itself only"));
          }
          var made = Refusals.done(keys.create(spec), NOUN);
          return Answer.json(201, write(made.key()).put("key", made.text()))
              .with("Location", "/v1/keys/" + made.key().getId());
        });
  }

  Answer list(Call call) {
    call.allowParameters("tenant", "limit", "cursor");
    var tenant = call.tenant();
    return Lists.answer(
        keys.list(
            key -> tenant.isEmpty() || tenant.get().equals(key.getTenant()),
            Lists.after(call),
            Lists.limit(call)),
        KeyResource::write);
  }

  Answer show(Call call) {
    call.allowParameters();
    return Answer.json(200, write(find(call)));
  }

  Answer revoke(Call call) {
    call.allowParameters();
    var _ = Refusals.done(keys.revoke(find(call).getId()), NOUN);
    return Answer.noContent();
  }

  private ApiKey find(Call call) {
    return keys.find(call.variable("id"))
        .filter(it -> call.caller().sees(Objects.requireNonNullElse(it.getTenant(), "")))
        .orElseThrow(() -> Refusals.unknown(NOUN));
  }

  /// A tenant's own keys are for that tenant if they name none.
  private ApiKeys.Spec read(JsonNode json, Caller caller) {
    var object = ObjectReading.of(json);
    var spec =
        new ApiKeys.Spec(
            object.text("role").orElse(""),
            object.text("tenant").or(caller::tenant),
            object.text("description"),
            object.parsed("expires_at", KeyResource::instant));
    if (json.isObject()) {
      object.require("role");
    }
    object.refuseUnknown();
    if (!object.errors().isEmpty()) {
      throw Refusals.invalid(object.errors(), keys.problems(spec));
    }
    return spec;
  }

  private static Instant instant(String text) {
    try {
      var instant = Instant.parse(text);
      if (instant.getEpochSecond() < Instant.parse("9999-12-31T00:00:00Z").getEpochSecond()) {
        return instant;
      }
    } catch (DateTimeException e) {
      // Said below.
    }
    throw new IllegalArgumentException("must be a time such as 2027-01-31T00:00:00Z");
  }

  private static ObjectNode write(ApiKey key) {
    var json = Json.object();
    json.put("id", key.getId());
    json.put("role", key.getRole());
    json.put("tenant", key.getTenant());
    json.put("description", key.getDescription());
    json.put("created_at", key.getCreatedAt().toString());
    json.put("expires_at", text(key.getExpiresAt()));
    json.put("revoked_at", text(key.getRevokedAt()));
    return json;
  }

  private static @Nullable String text(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }
}
