package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.Reply.Answered;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import okhttp3.Headers;
import okhttp3.Response;
import okio.Buffer;

/// Takes from an answer what is kept of it, and no more than is good for us.
///
/// A body that ends within the bound leaves the connection fit for the next call; of a longer one
/// the head counts and the connection is closed.
final class AnswerReader {
  private static final int MOST_FIELDS = 64;
  private static final int LONGEST_NAME = 128;
  private static final int LONGEST_VALUE = 1024;
  private static final int MOST_CHARACTERS = 8192;
  private static final int STEP = 8192;
  private static final String RETRY_AFTER = "retry-after";
  private static final String SET_COOKIE = "set-cookie";
  private static final int SWITCHING_PROTOCOLS = 101;

  private final int readBytes;
  private final int keptBytes;

  AnswerReader(int readBytes, int keptBytes) {
    this.readBytes = readBytes;
    this.keptBytes = keptBytes;
  }

  /// Reads the body and closes the answer.
  ///
  /// @throws IOException if the body breaks off or is not finished in time
  Answered read(Response response, CallInFlight call) throws IOException {
    boolean whole = false;
    try {
      var kept = new Buffer();
      whole = drain(response, kept) && response.code() != SWITCHING_PROTOCOLS;
      return answered(response, ByteBuffer.wrap(kept.readByteArray()), call);
    } finally {
      if (!whole) {
        call.call().cancel(); // Or closing it would try to read the rest, to save the connection.
      }
      response.close();
    }
  }

  /// The answer of which only the head is of use.
  Answered headOf(Response response, CallInFlight call) {
    return answered(response, ByteBuffer.allocate(0), call);
  }

  private static Answered answered(Response response, ByteBuffer body, CallInFlight call) {
    return new Answered(response.code(), fields(response.headers()), body, call.sent());
  }

  /// Whether the body ended before the bound.
  private boolean drain(Response response, Buffer kept) throws IOException {
    var source = response.body().source();
    var scratch = new Buffer();
    for (long read = 0; read < readBytes; ) {
      long more = source.read(scratch, Math.min(STEP, readBytes - read));
      if (more < 0) {
        return true;
      }
      read += more;
      kept.write(scratch, Math.min(more, keptBytes - kept.size()));
      scratch.clear();
    }
    return false;
  }

  private static Map<String, String> fields(Headers headers) {
    int size = headers.size();
    if (size == 0) {
      return Map.of();
    }
    var fields = new LinkedHashMap<String, String>();
    int characters = 0;
    var retryAfter = headers.get(RETRY_AFTER);
    if (retryAfter != null) {
      // First, so that no number of other fields displaces the one that is acted upon.
      fields.put(RETRY_AFTER, shown(retryAfter, LONGEST_VALUE));
    }
    for (int i = 0; i < size && fields.size() < MOST_FIELDS; i++) {
      var name = shown(headers.name(i).toLowerCase(Locale.ROOT), LONGEST_NAME);
      if (name.isEmpty() || name.equals(RETRY_AFTER) || name.equals(SET_COOKIE)) {
        continue;
      }
      var value = shown(headers.value(i), LONGEST_VALUE);
      characters += name.length() + value.length();
      if (characters > MOST_CHARACTERS) {
        break;
      }
      fields.merge(name, value, (first, next) -> first + ", " + next);
    }
    return Collections.unmodifiableMap(fields);
  }

  private static String shown(String text, int longest) {
    int end = Math.min(text.length(), longest);
    for (int i = 0; i < end; i++) {
      if (Character.isISOControl(text.charAt(i))) {
        return text.substring(0, end).replaceAll("\\p{Cntrl}", "?");
      }
    }
    return end == text.length() ? text : text.substring(0, end);
  }
}
