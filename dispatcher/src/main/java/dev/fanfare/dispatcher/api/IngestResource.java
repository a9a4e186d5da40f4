package dev.fanfare.dispatcher.api;

import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Json;
import dev.fanfare.dispatcher.api.exchange.Problem;
import dev.fanfare.dispatcher.ingest.Ingest;
import dev.fanfare.dispatcher.ingest.Receipt;
import dev.fanfare.dispatcher.ingest.Request;
import dev.fanfare.dispatcher.ingest.adapter.Provider;
import java.nio.ByteBuffer;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// `/v1/ingest/{provider}`: what other senders of mail post. Open to all, since these can't send
/// our keys; what is not proven to be the provider's own is refused.
final class IngestResource {
  private static final int RETRY_AFTER = 5;

  private final Ingest ingest;
  private final RateLimit forgeries;
  private final LongSupplier nanos;

  /// @param perForger most reports a second of one client that are not proven
  IngestResource(Ingest ingest, int perForger, LongSupplier nanos) {
    this.ingest = ingest;
    this.forgeries = new RateLimit(perForger);
    this.nanos = nanos;
  }

  Answer accept(Call call) {
    var provider =
        Provider.find(call.variable("provider"))
            .orElseThrow(() -> new ApiProblem(Problem.notFound("there is no such provider")));
    if (!call.header("content-encoding").orElse("identity").equalsIgnoreCase("identity")) {
      throw new ApiProblem(Problem.encoded());
    }
    var source = call.parameter("source").orElse("");
    var client = call.caller().key(); // without a key it is the client's address
    if (forgeries.isSpent(client, nanos.getAsLong())) {
      throw new ApiProblem(Problem.tooManyRequests("too many reports that are not proven"));
    }
    var request = new Request(call.headers(), ByteBuffer.wrap(call.body().get()));
    return switch (ingest.receive(provider, source, request)) {
      case Receipt.Taken taken -> answer(taken);
      case Receipt.Forged() -> {
        var _ = forgeries.admits(client, nanos.getAsLong());
        throw new ApiProblem(
            Problem.unauthorized("this is not proven to be from " + provider.word()));
      }
      case Receipt.Unreadable() ->
          throw new ApiProblem(Problem.malformed("the content is not JSON"));
      case Receipt.Unavailable(var why) ->
          throw new ApiProblem(Problem.unavailable(why, RETRY_AFTER));
    };
  }

  /// 200 and not 202: some providers take nothing else for an acknowledgement.
  private static Answer answer(Receipt.Taken taken) {
    var json = Json.object();
    json.put("accepted", taken.accepted());
    var skipped = json.putObject("skipped");
    new TreeMap<>(taken.skipped()).forEach(skipped::put);
    var unusable = json.putArray("unusable");
    for (var problem : taken.unusable()) {
      unusable.addObject().put("pointer", problem.pointer()).put("detail", problem.detail());
    }
    return Answer.json(200, json);
  }
}
