package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.Access.Denied;
import dev.fanfare.dispatcher.egress.Access.Granted;
import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Blocked;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Sent;
import dev.fanfare.dispatcher.egress.Reply.Timings;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.dispatcher.egress.credential.ClientGrant;
import dev.fanfare.dispatcher.egress.guard.AddressPolicy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import okhttp3.ConnectionPool;
import okhttp3.Dispatcher;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;

/// Asks token servers for access tokens, under the same guard and the same deadlines as POSTs.
/// Tokens are wanted once in minutes, so no connection is kept, and by HTTP/1.1, which is read by
/// the calling thread on its own account.
final class TokenServers {
  private static final int MOST_BYTES = 64 * 1024;
  private static final Duration EARLY = Duration.ofSeconds(30);

  private final OkHttpClient client;
  private final AddressPolicy policy;
  private final Caller caller;
  private final String userAgent;
  private final long mostBytes;
  private final InstantSource clock;
  private final AnswerReader answers = new AnswerReader(MOST_BYTES, MOST_BYTES);

  TokenServers(
      OkHttpClient base,
      AddressPolicy policy,
      Caller caller,
      String userAgent,
      long mostBytes,
      InstantSource clock) {
    client =
        base.newBuilder()
            .connectionPool(new ConnectionPool(0, 1, TimeUnit.MILLISECONDS))
            .protocols(List.of(Protocol.HTTP_1_1))
            .dispatcher(new Dispatcher(base.dispatcher().executorService()))
            .build();
    this.policy = policy;
    this.caller = caller;
    this.userAgent = userAgent;
    this.mostBytes = mostBytes;
    this.clock = clock;
  }

  /// @param deadline how long the POST that wants it may take, from its start
  Access ask(ClientGrant grant, long startedNanos, Duration deadline) {
    var url = HttpUrl.parse(grant.tokenUrl().toString());
    var problems = policy.checkUrl(grant.tokenUrl().toString());
    if (url == null || !problems.isEmpty()) {
      return new Denied(new Blocked("token server: " + String.join("; ", problems), Sent.NOTHING));
    }
    var body = ByteBuffer.wrap(grant.form().getBytes(StandardCharsets.US_ASCII));
    var request =
        new Request.Builder()
            .url(url)
            .header("authorization", grant.authorization())
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json")
            .header("accept-encoding", "identity")
            .header("user-agent", userAgent)
            .post(new OneShotBody(body))
            .build();
    var call =
        new CallInFlight(
            client.newCall(request),
            startedNanos,
            deadline.toNanos(),
            mostBytes,
            new ReadAllowance(mostBytes));
    var asked = clock.instant();
    return switch (caller.make(call, answers)) {
      case Answered answered -> read(TokenAnswer.of(answered), asked, answered.timings());
      case Unanswered(var fault, var message, var sent) ->
          fault == Fault.CANCELLED
              ? denied(fault, message, sent.timings())
              : denied(Fault.OAUTH, "token server: " + message, sent.timings());
      case Blocked(var address, _) ->
          new Denied(new Blocked("token server: " + address, Sent.NOTHING));
    };
  }

  private static Access read(TokenAnswer answer, Instant asked, Timings timings) {
    if (answer.token().isEmpty()) {
      return denied(Fault.OAUTH, answer.problem(), timings);
    }
    var life = answer.lifetime();
    var early = life.dividedBy(2).compareTo(EARLY) < 0 ? life.dividedBy(2) : EARLY;
    return new Granted(answer.token().get(), asked, asked.plus(life).minus(early));
  }

  /// Of the steps of that other call only their sum concerns the POST.
  static Denied denied(Fault fault, String message, Timings timings) {
    var total = new Timings(-1, -1, -1, -1, timings.total());
    return new Denied(new Unanswered(fault, message, new Sent(Map.of(), total)));
  }
}
