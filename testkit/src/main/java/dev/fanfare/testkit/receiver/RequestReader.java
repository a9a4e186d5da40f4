package dev.fanfare.testkit.receiver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads HTTP/1.1 requests from one connection, one after the other; bodies with a length only.
final class RequestReader {
  private static final int LONGEST_HEAD = 64 * 1024;
  private static final int LONGEST_BODY = 32 * 1024 * 1024;
  private static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);

  private final InputStream in;
  private final OutputStream out;
  private final long connection;
  private final byte[] buffer = new byte[LONGEST_HEAD];
  private int start;
  private int end;

  RequestReader(InputStream in, OutputStream out, long connection) {
    this.in = in;
    this.out = out;
    this.connection = connection;
  }

  /// The next request, numbered 0; empty when the other side has closed the connection.
  ///
  /// @throws IOException if it breaks off or is none
  Optional<Received> next() throws IOException {
    int headEnd = head();
    if (headEnd < 0) {
      return Optional.empty();
    }
    var head = new String(buffer, start, headEnd - start, ISO_8859_1);
    start = headEnd + 4;
    int lineEnd = head.indexOf("\r\n");
    var requestLine = (lineEnd < 0 ? head : head.substring(0, lineEnd)).split(" ", 3);
    if (requestLine.length != 3) {
      throw new ProtocolException("not a request line");
    }
    var headers = lineEnd < 0 ? Map.<String, String>of() : headers(head, lineEnd + 2);
    var body = body(headers);
    return Optional.of(
        new Received(0, connection, requestLine[0], requestLine[1], headers, body, Instant.now()));
  }

  /// Index of the blank line's first byte, or -1 at the end of the connection.
  private int head() throws IOException {
    int looked = start;
    while (true) {
      for (int i = Math.max(start, looked - 3); i + 3 < end; i++) {
        if (buffer[i] == '\r'
            && buffer[i + 1] == '\n'
            && buffer[i + 2] == '\r'
            && buffer[i + 3] == '\n') {
          return i;
        }
      }
      looked = end;
      if (start > 0) {
        System.arraycopy(buffer, start, buffer, 0, end - start);
        looked -= start;
        end -= start;
        start = 0;
      }
      if (end == buffer.length) {
        throw new ProtocolException("head too long");
      }
      int read = in.read(buffer, end, buffer.length - end);
      if (read < 0) {
        if (end > start) {
          throw new EOFException("in the head");
        }
        return -1;
      }
      end += read;
    }
  }

  private static Map<String, String> headers(String head, int from) {
    var headers = new LinkedHashMap<String, String>();
    int at = from;
    while (at < head.length()) {
      int next = head.indexOf("\r\n", at);
      int lineEnd = next < 0 ? head.length() : next;
      int colon = head.indexOf(':', at);
      if (colon > 0 && colon < lineEnd) {
        headers.merge(
            head.substring(at, colon).toLowerCase(Locale.ROOT),
            head.substring(colon + 1, lineEnd).strip(),
            (first, second) -> first + ", " + second);
      }
      at = lineEnd + 2;
    }
    return Collections.unmodifiableMap(headers);
  }

  private ByteBuffer body(Map<String, String> headers) throws IOException {
    int length = length(headers.getOrDefault("content-length", "0"));
    if (headers.containsKey("transfer-encoding")) {
      throw new ProtocolException("only bodies with a length are read here");
    }
    if ("100-continue".equalsIgnoreCase(headers.get("expect"))) {
      out.write(CONTINUE);
    }
    var body = new byte[length];
    int had = Math.min(length, end - start);
    System.arraycopy(buffer, start, body, 0, had);
    start += had;
    if (in.readNBytes(body, had, length - had) < length - had) {
      throw new EOFException("in the body");
    }
    return ByteBuffer.wrap(body).asReadOnlyBuffer();
  }

  private static int length(String text) throws ProtocolException {
    try {
      int length = Integer.parseInt(text);
      if (length >= 0 && length <= LONGEST_BODY) {
        return length;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw new ProtocolException("content-length of " + text);
  }
}
