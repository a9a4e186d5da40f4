package dev.fanfare.dispatcher.api;

import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.control.Resealing;

/// `/v1/subscriptions/reseal`: after a change of the keyset.
final class SealResource {
  private final Resealing resealing;

  SealResource(Resealing resealing) {
    this.resealing = resealing;
  }

  Answer reseal(Call call) {
    call.allowParameters();
    var done = Refusals.done(resealing.some(), "subscription");
    var json = Json.object();
    json.put("resealed", done.resealed());
    json.put("left", done.left());
    json.put("more", done.more());
    return Answer.json(200, json);
  }
}
