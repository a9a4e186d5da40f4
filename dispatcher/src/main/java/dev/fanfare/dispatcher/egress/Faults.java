package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.CallInFlight.Phase;
import dev.fanfare.dispatcher.egress.Reply.Blocked;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.dispatcher.egress.guard.BlockedAddress;
import dev.fanfare.dispatcher.egress.guard.ProxyRefused;
import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import okhttp3.internal.http2.ConnectionShutdownException;
import okhttp3.internal.http2.ErrorCode;
import okhttp3.internal.http2.StreamResetException;

/// Says what an exception of the HTTP client means.
///
/// The messages are our own words: the client's may hold parts of the URL or of what a stranger's
/// server sent.
final class Faults {
  /// What the client reads of an answer's head before it gives up.
  private static final int LONGEST_HEAD = 256 * 1024;

  private Faults() {}

  static Reply reply(IOException failure, CallInFlight call) {
    if (failure instanceof BlockedAddress blocked) {
      return new Blocked(blocked.address(), call.sent());
    }
    if (Thread.currentThread().isInterrupted()) {
      return unanswered(Fault.CANCELLED, "interrupted while " + call.phase().words(), call);
    }
    var ending = call.ending();
    if (ending.isPresent()) {
      return switch (ending.get()) {
        case DEADLINE -> unanswered(Fault.TIMEOUT, "timed out while " + call.phase().words(), call);
        case SHUTDOWN -> unanswered(Fault.CANCELLED, "the dispatcher is shutting down", call);
      };
    }
    if (call.receivedTooMuch()) {
      return unanswered(Fault.PROTOCOL, tooMuch(call), call);
    }
    return switch (failure) {
      case ProxyRefused e -> unanswered(Fault.PROXY, String.valueOf(e.getMessage()), call);
      case UnknownHostException _ -> unanswered(Fault.DNS, "the host name does not resolve", call);
      case SocketTimeoutException _ ->
          unanswered(Fault.TIMEOUT, "timed out while " + call.phase().words(), call);
      case ConnectException _ -> unanswered(Fault.CONNECT, "the connection was refused", call);
      case NoRouteToHostException _ ->
          unanswered(Fault.CONNECT, "there is no route to the host", call);
      case SSLException e -> unanswered(Fault.TLS, tls(e, call), call);
      case ProtocolException _ -> unanswered(Fault.PROTOCOL, protocol(call), call);
      case LengthCheck.InvalidLength _ ->
          unanswered(Fault.PROTOCOL, "the length of the answer's body is not valid HTTP", call);
      case StreamResetException e -> stream(e, call);
      default -> byPhase(failure, call);
    };
  }

  /// A bug, ours or the client's, that a stranger's server may have set off.
  static Reply broken(RuntimeException failure, CallInFlight call) {
    return unanswered(
        Fault.PROTOCOL, "the HTTP client failed with " + failure.getClass().getSimpleName(), call);
  }

  private static Reply byPhase(IOException failure, CallInFlight call) {
    return switch (call.phase()) {
      case PREPARING, RESOLVING, CONNECTING ->
          unanswered(Fault.CONNECT, "the connection could not be made", call);
      case SECURING -> unanswered(Fault.TLS, "the connection ended during the TLS handshake", call);
      case SENDING, WAITING, READING -> afterConnecting(failure, call);
    };
  }

  private static Reply afterConnecting(IOException failure, CallInFlight call) {
    boolean ended =
        failure instanceof SocketException
            || failure instanceof ConnectionShutdownException
            || failure instanceof EOFException
            || failure.getCause() instanceof EOFException;
    if (!ended) {
      return unanswered(Fault.PROTOCOL, protocol(call), call);
    }
    if (call.phase() != Phase.READING && call.received() >= LONGEST_HEAD) {
      return unanswered(Fault.PROTOCOL, "the head of the answer is too large", call);
    }
    return unanswered(Fault.RESET, "the connection ended while " + call.phase().words(), call);
  }

  private static Reply stream(StreamResetException failure, CallInFlight call) {
    return failure.errorCode == ErrorCode.PROTOCOL_ERROR
            || failure.errorCode == ErrorCode.COMPRESSION_ERROR
        ? unanswered(Fault.PROTOCOL, protocol(call), call)
        : unanswered(Fault.RESET, "the stream was reset: " + failure.errorCode, call);
  }

  private static String tooMuch(CallInFlight call) {
    return call.phase() == Phase.READING
        ? "too much was sent for the body of an answer"
        : "too much was sent before the head of the answer ended";
  }

  private static String protocol(CallInFlight call) {
    return call.phase() == Phase.READING
        ? "the body of the answer is not valid HTTP"
        : "the answer is not valid HTTP";
  }

  private static String tls(SSLException failure, CallInFlight call) {
    if (failure instanceof SSLPeerUnverifiedException) {
      return "the certificate is not for this host";
    }
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException) {
        return "the certificate is not trusted or not valid";
      }
    }
    if (call.phase().compareTo(Phase.SECURING) > 0) {
      // With TLS 1.3 a server says no to our certificate, or to none, only after the handshake.
      return "the endpoint ended TLS; it may want another client certificate";
    }
    return "TLS failed: no common version or cipher, or no TLS at all";
  }

  private static Unanswered unanswered(Fault fault, String message, CallInFlight call) {
    return new Unanswered(fault, message, call.sent());
  }
}
