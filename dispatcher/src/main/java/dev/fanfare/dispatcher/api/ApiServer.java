package dev.fanfare.dispatcher.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.access.AccessRole;
import dev.fanfare.dispatcher.access.AccessTable;
import dev.fanfare.dispatcher.access.Caller;
import dev.fanfare.dispatcher.api.exchange.Answer;
import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.BodyBudget;
import dev.fanfare.dispatcher.api.exchange.Call;
import dev.fanfare.dispatcher.api.exchange.Problem;
import io.helidon.common.socket.SocketOptions;
import io.helidon.common.socket.SocketWriterException;
import io.helidon.http.DirectHandler;
import io.helidon.http.DirectHandler.EventType;
import io.helidon.http.HeaderNames;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.ServerConnectionException;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.DirectHandlers;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Carries the routes over HTTP: one virtual thread a request. Every request gets an answer, those
/// that can't be understood too; what went wrong inside stands in the log and not in the answer.
public final class ApiServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);
  private static final int MOST_CONNECTIONS = 4_096;
  private static final int MOST_REQUESTS = 1_024;
  private static final int ABOVE_OUR_OWN_LIMIT = 64 << 10;
  private static final Duration IDLE = Duration.ofSeconds(60);
  private static final Duration SLOWEST_READ = Duration.ofSeconds(20);
  private static final Duration GRACE = Duration.ofSeconds(5);

  /// On every answer: it is for programs, not for browsers to show, guess at or keep.
  private static final Map<String, String> ALWAYS =
      Map.of(
          "X-Content-Type-Options", "nosniff",
          "Cache-Control", "no-store",
          "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'",
          "X-Frame-Options", "DENY",
          "Cross-Origin-Resource-Policy", "same-origin",
          "Referrer-Policy", "no-referrer");

  private final Routes routes;
  private final Gate gate;
  private final BodyBudget bodies;
  private final int longestBody;
  private final long longestStream;
  private final MeterRegistry meters;
  private final WebServer server;
  private volatile boolean ending;

  private ApiServer(ApiSettings settings, Routes routes, AccessTable access, MeterRegistry meters) {
    this.gate = new Gate(settings.access(), access, InstantSource.system(), System::nanoTime);
    this.routes =
        routes.needKey() ? routes.and(new SessionResource(gate).routes()).described() : routes;
    this.bodies = new BodyBudget(settings.limits().body(), settings.limits().bodies());
    this.longestBody = settings.limits().body();
    this.longestStream = settings.limits().stream();
    this.meters = meters;
    this.server =
        WebServer.builder()
            .host(settings.host())
            .port(settings.port())
            .shutdownHook(false) // whoever started us stops us
            .shutdownGracePeriod(GRACE)
            .maxTcpConnections(MOST_CONNECTIONS)
            .maxConcurrentRequests(MOST_REQUESTS)
            .idleConnectionTimeout(IDLE)
            .maxPayloadSize(settings.limits().stream() + ABOVE_OUR_OWN_LIMIT)
            .addConnectionSelector(
                new BoundedChunks(
                    Http1ConnectionSelector.builder().config(Http1Config.create()).build(),
                    settings.limits().body() + ABOVE_OUR_OWN_LIMIT))
            // Without delay: else the last part of a long answer waits for a delayed ACK, 40 ms.
            .connectionOptions(
                SocketOptions.builder().readTimeout(SLOWEST_READ).tcpNoDelay(true).build())
            .directHandlers(directHandlers())
            .routing(HttpRouting.builder().any(this::handle))
            .build();
  }

  /// @param access the keys that are good, besides the configured one
  /// @throws IllegalStateException if a key is needed and none is configured
  /// @throws UncheckedIOException if the port can't be had; the message is for people
  public static ApiServer start(
      ApiSettings settings, Routes routes, AccessTable access, MeterRegistry meters) {
    if (routes.needKey()) {
      settings
          .closedBecause()
          .ifPresent(why -> {
            throw new IllegalStateException(why);
          });
    }
    requireAddress(settings);
    var api = new ApiServer(settings, routes, access, meters);
    var _ = api.server.start();
    if (!api.server.isRunning()) { // it says so by logging only
      throw cannotListen(settings, new BindException("the server did not start"));
    }
    LOG.info("listening on http://{}:{}, {}", settings.host(), api.port(), settings.access());
    return api;
  }

  private static void requireAddress(ApiSettings settings) {
    try (var socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(settings.host(), settings.port()));
    } catch (IOException e) {
      throw cannotListen(settings, e);
    }
  }

  private static UncheckedIOException cannotListen(ApiSettings settings, IOException why) {
    return new UncheckedIOException(
        "can't listen on %s:%d: %s".formatted(settings.host(), settings.port(), why.getMessage()),
        why);
  }

  /// The one it listens on, also when it was free to choose.
  public int port() {
    return server.port();
  }

  /// Everything that it answers.
  public Routes routes() {
    return routes;
  }

  @Override
  public void close() {
    ending = true;
    var _ = server.stop();
  }

  private void handle(ServerRequest request, ServerResponse response) {
    long start = System.nanoTime();
    var method = request.prologue().method().text();
    var path = request.prologue().uriPath().rawPath();
    String route = "(none)";
    Answer answer;
    try (var share = bodies.share()) {
      try {
        var found = routes.find(method, path);
        route = found.route().path();
        var access = found.route().access();
        if (access.needsKey() || !isRead(method)) { // signing in, too, is a guess at a key
          gate.checkRate(client(request));
        }
        var call = call(request, method, path, share);
        var caller = gate.admit(access, call);
        answer = found.route().handler().answer(call.with(found.variables(), caller));
      } catch (ApiProblem problem) {
        answer = problem.problem().answer();
      } catch (RuntimeException bug) {
        answer = internalError(method, route, bug);
      }
    }
    Timer.builder(ApiMetric.REQUESTS.meter())
        .description(ApiMetric.REQUESTS.help())
        .tags("method", known(method), "route", route, "status", "" + answer.status())
        .register(meters)
        .record(System.nanoTime() - start, TimeUnit.NANOSECONDS);
    send(
        response,
        isLeft(request) ? answer.with("Connection", "close") : answer,
        method.equals("HEAD"));
  }

  private static boolean isRead(String method) {
    return method.equals("GET") || method.equals("HEAD");
  }

  private Call call(ServerRequest request, String method, String path, BodyBudget.Share share) {
    var headers = new HashMap<String, String>();
    request
        .headers()
        .forEach(header ->
            headers.put(header.headerName().lowerCase(), String.join(", ", header.allValues())));
    var query = new HashMap<String, List<String>>();
    request.query().names().forEach(name -> query.put(name, request.query().all(name)));
    return new Call(method, path, Map.of(), query, headers, body(request, share), nobody(request));
  }

  private Call.Body body(ServerRequest request, BodyBudget.Share share) {
    var announced = request.headers().contentLength();
    return new Call.Body() {
      @Override
      public byte[] get() {
        return request.content().hasEntity()
            ? share.read(request.content().inputStream(), announced)
            : new byte[0];
      }

      @Override
      public InputStream open(int held) {
        return request.content().hasEntity()
            ? share.open(request.content().inputStream(), longestStream, held, announced)
            : InputStream.nullInputStream();
      }
    };
  }

  /// Content that nobody has read is read to its end, to find the next request: not for long.
  private boolean isLeft(ServerRequest request) {
    return request.content().hasEntity()
        && !request.content().consumed()
        && request.headers().contentLength().orElse(Long.MAX_VALUE) > longestBody;
  }

  /// Who calls where no key is asked for: may see nothing, and is known by its address.
  private static Caller nobody(ServerRequest request) {
    return new Caller(
        AccessRole.VIEWER, Optional.of(""), "nobody at " + Gate.network(client(request)));
  }

  /// Whoever connected; what a proxy says of itself is not believed.
  private static InetAddress client(ServerRequest request) {
    return request.remotePeer().address() instanceof InetSocketAddress peer
            && peer.getAddress() != null
        ? peer.getAddress()
        : InetAddress.getLoopbackAddress();
  }

  private static Answer internalError(String method, String route, RuntimeException bug) {
    var id = UUID.randomUUID().toString();
    LOG.error("{} {} failed, id {}", method, route, id, bug);
    return Problem.internal(id).answer();
  }

  private void send(ServerResponse response, Answer answer, boolean head) {
    response.status(answer.status());
    ALWAYS.forEach(response::header);
    answer.headers().forEach(response::header);
    if (!answer.mediaType().isEmpty()) {
      response.header(HeaderNames.CONTENT_TYPE, answer.mediaType());
    }
    if (answer.flow().isPresent() && !head) {
      flow(response, answer.flow().get());
    } else if (head || answer.content().remaining() == 0) {
      response.send();
    } else {
      response.send(answer.bytes());
    }
  }

  private void flow(ServerResponse response, Answer.Flow flow) {
    try (var out = response.outputStream()) {
      flow.write(out, () -> ending);
    } catch (IOException
        | UncheckedIOException
        | SocketWriterException
        | ServerConnectionException e) {
      LOG.debug("who read a stream has left: {}", e.toString());
    }
  }

  /// A word for metrics, however many a client makes up.
  private static String known(String method) {
    return switch (method) {
      case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS" -> method;
      default -> "(other)";
    };
  }

  /// What never gets as far as a route: broken HTTP, requests that are too long.
  private static DirectHandlers directHandlers() {
    var builder = DirectHandlers.builder();
    DirectHandler handler = ApiServer::refuse;
    for (var type : EventType.values()) {
      builder.addHandler(type, handler);
    }
    return builder.build();
  }

  /// The server has no decoder, and tells that as if the request were broken.
  private static boolean isEncoded(DirectHandler.TransportRequest request) {
    return request.headers().contains(HeaderNames.CONTENT_ENCODING);
  }

  private static DirectHandler.TransportResponse refuse(
      DirectHandler.TransportRequest request,
      EventType type,
      Status status,
      ServerResponseHeaders headers,
      String message) {
    var problem =
        switch (status.code()) {
          case 400 ->
              isEncoded(request)
                  ? Problem.encoded()
                  : Problem.malformed("this is no HTTP request that can be read");
          case 413 -> Problem.tooLarge("the request is longer than is taken");
          default -> Problem.refused(status.code(), status.reasonPhrase());
        };
    var answer = problem.answer();
    var response =
        DirectHandler.TransportResponse.builder()
            .status(Status.create(answer.status()))
            .headers(headers)
            .keepAlive(false)
            .entity(new String(answer.bytes(), UTF_8));
    response.header(HeaderNames.CONTENT_TYPE, answer.mediaType());
    ALWAYS.forEach((name, value) -> response.header(HeaderNames.create(name), value));
    return response.build();
  }
}
