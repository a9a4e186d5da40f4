package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.Reply.Sent;
import dev.fanfare.dispatcher.egress.Reply.Timings;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ProtocolException;
import java.net.Proxy;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.EventListener;
import okhttp3.Handshake;
import okhttp3.Headers;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/// One call while it lasts: its deadline, how far it has come and how long each step took.
///
/// The calling thread writes the steps and reads them afterwards; only [#end] is called by others.
final class CallInFlight extends EventListener {
  /// How far a call has come, as a message for people says it.
  enum Phase {
    PREPARING("preparing the call"),
    RESOLVING("resolving the name"),
    CONNECTING("connecting"),
    SECURING("the TLS handshake"),
    SENDING("sending the request"),
    WAITING("waiting for the answer"),
    READING("reading the answer");

    private final String words;

    Phase(String words) {
      this.words = words;
    }

    String words() {
      return words;
    }
  }

  /// Why a call was ended before its time.
  enum Ending {
    DEADLINE,
    SHUTDOWN
  }

  private static final long NONE = -1;

  private final Call call;
  private final long startedNanos;
  private final long deadlineNanos;
  private volatile @Nullable Ending ending;

  private Phase phase = Phase.PREPARING;
  private @Nullable Connection connection;
  private @Nullable Request written;
  private @Nullable Response head;
  private long stepNanos;
  private long dnsNanos = NONE;
  private long connectNanos = NONE;
  private long tlsNanos = NONE;
  private long firstByteNanos = NONE;

  private final long mostBytes;
  private final ReadAllowance allowance;
  private long bytes;

  /// @param mostBytes that it may read itself
  /// @param allowance of its connections, for what is read on nobody's account
  CallInFlight(
      Call call, long startedNanos, long timeoutNanos, long mostBytes, ReadAllowance allowance) {
    this.call = call;
    this.allowance = allowance;
    this.startedNanos = startedNanos;
    this.deadlineNanos = startedNanos + timeoutNanos;
    this.mostBytes = mostBytes;
  }

  Call call() {
    return call;
  }

  long nanosLeft() {
    return deadlineNanos - System.nanoTime();
  }

  boolean isDue(long nowNanos) {
    return nowNanos - deadlineNanos >= 0;
  }

  /// Breaks the call off; the first reason stands. Never blocks.
  void end(Ending why) {
    if (ending == null) {
      ending = why;
      call.cancel();
    }
  }

  /// Why it was broken off; a deadline that the sweep has not come round to counts.
  Optional<Ending> ending() {
    var known = ending;
    if (known == null && isDue(System.nanoTime())) {
      return Optional.of(Ending.DEADLINE);
    }
    return Optional.ofNullable(known);
  }

  /// Counts what came from the socket, TLS included.
  ///
  /// @throws ProtocolException when that is more than any answer needs
  void received(int more) throws ProtocolException {
    bytes += more;
    if (bytes > mostBytes) {
      throw new ProtocolException("too much");
    }
  }

  long received() {
    return bytes;
  }

  /// Whether the other side has sent more than any answer needs.
  boolean receivedTooMuch() {
    return bytes > mostBytes || allowance.brokenSince(startedNanos);
  }

  Phase phase() {
    return phase;
  }

  boolean isMultiplexed() {
    var used = connection;
    return used != null && used.protocol() != Protocol.HTTP_1_1;
  }

  /// Status and header fields of the final answer, if it came that far.
  Optional<Response> head() {
    return Optional.ofNullable(head);
  }

  /// What was sent so far and how long it took so far.
  Sent sent() {
    var request = written;
    return new Sent(request == null ? Map.of() : withoutOwn(request.headers()), timings());
  }

  private Map<String, String> withoutOwn(Headers headers) {
    var fields = new LinkedHashMap<String, String>(32);
    for (int i = 0; i < headers.size(); i++) {
      var lower = headers.name(i).toLowerCase(Locale.ROOT);
      boolean unwritten = isMultiplexed() && lower.equals("connection"); // HTTP/2 has none
      if (OwnHeaders.isOurs(lower) && !unwritten) {
        fields.put(lower, headers.value(i));
      }
    }
    return Collections.unmodifiableMap(fields);
  }

  private Timings timings() {
    return new Timings(
        micros(dnsNanos),
        micros(connectNanos),
        micros(tlsNanos),
        micros(firstByteNanos),
        micros(System.nanoTime() - startedNanos));
  }

  private static long micros(long nanos) {
    return nanos == NONE ? NONE : TimeUnit.NANOSECONDS.toMicros(nanos);
  }

  private void step(Phase next) {
    phase = next;
    stepNanos = System.nanoTime();
  }

  @Override
  public void dnsStart(Call call, String domainName) {
    step(Phase.RESOLVING);
  }

  @Override
  public void dnsEnd(Call call, String domainName, List<InetAddress> inetAddressList) {
    dnsNanos = System.nanoTime() - stepNanos;
  }

  @Override
  public void connectStart(Call call, InetSocketAddress inetSocketAddress, Proxy proxy) {
    step(Phase.CONNECTING);
  }

  @Override
  public void secureConnectStart(Call call) {
    connectNanos = System.nanoTime() - stepNanos;
    step(Phase.SECURING);
  }

  @Override
  public void secureConnectEnd(Call call, @Nullable Handshake handshake) {
    tlsNanos = System.nanoTime() - stepNanos;
  }

  @Override
  public void connectEnd(
      Call call, InetSocketAddress inetSocketAddress, Proxy proxy, @Nullable Protocol protocol) {
    if (phase == Phase.CONNECTING) {
      connectNanos = System.nanoTime() - stepNanos;
    }
  }

  @Override
  public void connectFailed(
      Call call,
      InetSocketAddress inetSocketAddress,
      Proxy proxy,
      @Nullable Protocol protocol,
      IOException ioe) {
    if (phase == Phase.CONNECTING) {
      connectNanos = System.nanoTime() - stepNanos;
    } else if (phase == Phase.SECURING) {
      tlsNanos = System.nanoTime() - stepNanos;
    }
  }

  @Override
  public void connectionAcquired(Call call, Connection connection) {
    this.connection = connection;
    phase = Phase.SENDING;
  }

  @Override
  public void requestHeadersEnd(Call call, Request request) {
    written = request;
  }

  @Override
  public void requestBodyEnd(Call call, long byteCount) {
    phase = Phase.WAITING;
  }

  @Override
  public void responseHeadersStart(Call call) {
    firstByteNanos = System.nanoTime() - startedNanos;
  }

  @Override
  public void responseHeadersEnd(Call call, Response response) {
    head = response;
    phase = Phase.READING;
  }
}
