package dev.fanfare.dispatcher.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.IdempotencyKeys;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.MergePatch;
import dev.fanfare.dispatcher.api.exchange.ObjectReading;
import dev.fanfare.dispatcher.control.Tenants;
import dev.fanfare.schemas.avro.Tenant;

/// `/v1/tenants`.
final class TenantResource {
  private static final String NOUN = "tenant";

  private final Tenants tenants;
  private final IdempotencyKeys idempotency;

  TenantResource(Tenants tenants, IdempotencyKeys idempotency) {
    this.tenants = tenants;
    this.idempotency = idempotency;
  }

  Answer create(Call call) {
    call.allowParameters();
    var body = call.jsonBytes();
    return idempotency.once(
        call,
        body,
        () -> {
          var made = Refusals.done(tenants.create(read(Json.read(body))), NOUN);
          return Answer.json(201, write(made)).with("Location", "/v1/tenants/" + made.getId());
        });
  }

  Answer list(Call call) {
    call.allowParameters("limit", "cursor");
    return Lists.answer(
        tenants.list(call.caller().tenant().orElse(null), Lists.after(call), Lists.limit(call)),
        TenantResource::write);
  }

  Answer show(Call call) {
    call.allowParameters();
    return Answer.json(200, write(find(call)));
  }

  Answer update(Call call) {
    call.allowParameters();
    var patch = Json.read(call.mergePatchBytes());
    var known = find(call);
    var target = write(known);
    target.remove("created_at");
    var spec = read(MergePatch.apply(target, patch));
    if (!spec.id().equals(known.getId())) {
      throw Refusals.fixed("/id");
    }
    return Answer.json(200, write(Refusals.done(tenants.update(spec), NOUN)));
  }

  Answer remove(Call call) {
    call.allowParameters();
    var _ = Refusals.done(tenants.remove(call.variable("id")), NOUN);
    return Answer.noContent();
  }

  private Tenant find(Call call) {
    return tenants
        .find(call.variable("id"))
        .filter(it -> call.caller().sees(it.getId()))
        .orElseThrow(() -> Refusals.unknown(NOUN));
  }

  private Tenants.Spec read(JsonNode json) {
    var object = ObjectReading.of(json);
    var spec =
        new Tenants.Spec(
            object.text("id").orElse(""),
            object.text("name"),
            object.text("status").orElse("active"));
    if (json.isObject()) {
      object.require("id");
    }
    object.refuseUnknown();
    if (!object.errors().isEmpty()) {
      throw Refusals.invalid(object.errors(), tenants.problems(spec));
    }
    return spec;
  }

  private static ObjectNode write(Tenant tenant) {
    return Json.object()
        .put("id", tenant.getId())
        .put("name", tenant.getName())
        .put("status", tenant.getStatus())
        .put("created_at", tenant.getCreatedAt().toString());
  }
}
