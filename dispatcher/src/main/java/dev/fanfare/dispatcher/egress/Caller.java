package dev.fanfare.dispatcher.egress;

import java.io.IOException;
import java.net.ProtocolException;
import okhttp3.Response;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes one call on the calling thread, watched by [Deadlines]; a [Reply] comes back whatever
/// happens.
final class Caller {
  private static final Logger LOG = LoggerFactory.getLogger(Caller.class);

  /// The call that a thread is making, for those the client calls without saying whose call it is.
  private static final ScopedValue<CallInFlight> CALL = ScopedValue.newInstance();

  private final Deadlines deadlines;

  Caller(Deadlines deadlines) {
    this.deadlines = deadlines;
  }

  /// How long the calling thread's call may still take; for what is called in the course of one.
  static long nanosLeft() {
    return CALL.get().nanosLeft();
  }

  /// The call that the thread is making. None on the threads that read HTTP/2 connections.
  static boolean isCalling() {
    return CALL.isBound();
  }

  /// Counts what the calling thread's call has read; only if it [#isCalling].
  static void received(int bytes) throws ProtocolException {
    CALL.get().received(bytes);
  }

  Reply make(CallInFlight call, AnswerReader answers) {
    call.call().addEventListener(call);
    deadlines.add(call);
    try {
      return ScopedValue.where(CALL, call).call(() -> exchange(call, answers));
    } catch (IOException e) {
      return Faults.reply(e, call);
    } catch (RuntimeException e) {
      call.call().cancel();
      LOG.warn("A POST failed in the HTTP client while {}", call.phase().words(), e);
      return Faults.broken(e, call);
    } finally {
      deadlines.remove(call);
    }
  }

  private static Reply exchange(CallInFlight call, AnswerReader answers) throws IOException {
    if (Thread.currentThread().isInterrupted()) {
      throw new IOException("interrupted before it began");
    }
    Response response;
    try {
      response = call.call().execute();
    } catch (ProtocolException e) {
      // The client takes a 407 without a proxy, and a 204 with a body, for no answer. We do not.
      var head = call.head();
      if (head.isEmpty()) {
        throw e;
      }
      return answers.headOf(head.get(), call);
    }
    return answers.read(response, call);
  }
}
