package dev.fanfare.dispatcher.telemetry;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Where in a trace something happens, as W3C Trace Context writes it: `00-<trace id>-<span
/// id>-<flags>`.
///
/// @param id of the trace, 32 hexadecimal digits
/// @param span id of the span, 16 hexadecimal digits
/// @param sampled whether somebody records the trace
public record Trace(String id, String span, boolean sampled) {
  private static final ScopedValue<Trace> CURRENT = ScopedValue.newInstance();
  private static final int ID_AT = 3;
  private static final int SPAN_AT = ID_AT + 32 + 1;
  private static final int FLAGS_AT = SPAN_AT + 16 + 1;
  private static final int LENGTH = FLAGS_AT + 2;
  private static final int HEX = 16;

  /// The place of a span below this one.
  Trace child(String ownSpan) {
    return new Trace(id, ownSpan, sampled);
  }

  public String traceparent() {
    return "00-" + id + "-" + span + (sampled ? "-01" : "-00");
  }

  /// @param traceparent well formed, as fan-out lets in only such; null when the producer sent none
  public static Optional<Trace> of(@Nullable CharSequence traceparent) {
    if (traceparent == null || traceparent.length() < LENGTH) {
      return Optional.empty();
    }
    var text = traceparent.toString();
    return Optional.of(
        new Trace(
            text.substring(ID_AT, SPAN_AT - 1),
            text.substring(SPAN_AT, FLAGS_AT - 1),
            (Character.digit(text.charAt(LENGTH - 1), HEX) & 1) == 1));
  }

  /// What the calling thread works for; null outside [#during].
  static @Nullable Trace current() {
    return CURRENT.isBound() ? CURRENT.get() : null;
  }

  /// Does the work as part of the trace that the traceparent names, if any: what is measured
  /// meanwhile may carry its id.
  public static void during(@Nullable CharSequence traceparent, Runnable work) {
    var trace = of(traceparent);
    if (trace.isPresent()) {
      ScopedValue.where(CURRENT, trace.get()).run(work);
    } else {
      work.run();
    }
  }
}
