package dev.fanfare.bench.load;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.fanfare.bench.control.ControlServer;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Base64;
import java.util.BitSet;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/// A receiver of POSTs, one virtual thread a connection: answers 204, or 500 below `/fail`, or
/// nothing below `/hang`. From the event's id it knows when it should have come ([Due]), and
/// whether it came to that path before.
public final class SinkMain {
  private static final byte[] GOOD = "HTTP/1.1 204 No Content\r\n\r\n".getBytes(ISO_8859_1);
  private static final byte[] BAD =
      "HTTP/1.1 500 Internal Server Error\r\ncontent-length: 0\r\n\r\n".getBytes(ISO_8859_1);
  private static final int BACKLOG = 8192;
  private static final int DIGITS = 3;

  private final LongAdder good = new LongAdder();
  private final LongAdder first = new LongAdder();
  private final LongAdder bad = new LongAdder();
  private final LongAdder hung = new LongAdder();
  private final LongAdder posts = new LongAdder();
  private final Recorder lateness = new Recorder(DIGITS);
  private final Map<String, BitSet> seen = new ConcurrentHashMap<>();

  private SinkMain() {}

  /// @param args the port to receive on and the port to be controlled by
  public static void main(String[] args) throws IOException {
    var sink = new SinkMain();
    var server = new ServerSocket();
    server.bind(new InetSocketAddress((InetAddress) null, Integer.parseInt(args[0])), BACKLOG);
    Thread.ofPlatform().name("accept").start(() -> sink.accept(server));
    var control = ControlServer.on(Integer.parseInt(args[1]));
    control.answer("/posts", _ -> Map.of("posts", sink.posts.sum()));
    control.answer("/take", _ -> sink.take());
    control.start();
  }

  private synchronized Map<String, Object> take() {
    var recorded = lateness.getIntervalHistogram();
    return Map.of(
        "good", good.sumThenReset(),
        "first", first.sumThenReset(),
        "bad", bad.sumThenReset(),
        "hung", hung.sumThenReset(),
        "lateness", encoded(recorded));
  }

  private static String encoded(Histogram histogram) {
    var buffer = ByteBuffer.allocate(histogram.getNeededByteBufferCapacity());
    int length = histogram.encodeIntoCompressedByteBuffer(buffer);
    return Base64.getEncoder().encodeToString(Arrays.copyOf(buffer.array(), length));
  }

  private void accept(ServerSocket server) {
    try {
      while (true) {
        var socket = server.accept();
        Thread.startVirtualThread(() -> serve(socket));
      }
    } catch (IOException e) {
      throw new UncheckedIOException("nothing more can be received", e);
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      socket.setTcpNoDelay(true);
      var requests = new Requests(socket.getInputStream());
      var out = socket.getOutputStream();
      while (requests.next()) {
        answer(requests, out);
      }
    } catch (IOException e) {
      // The sender has gone, or has been told nothing for too long: its business.
    }
  }

  private void answer(Requests request, OutputStream out) throws IOException {
    posts.increment();
    if (request.path.startsWith("/fail")) {
      bad.increment();
      out.write(BAD);
    } else if (request.path.startsWith("/hang")) {
      hung.increment();
      request.awaitEnd();
    } else {
      if (!request.id.isEmpty()) {
        note(request.path, request.id);
      }
      good.increment();
      out.write(GOOD);
    }
  }

  private void note(String path, String id) {
    Due.number(id)
        .ifPresent(number -> {
          long due = Due.dueMicros(id);
          if (due > 0) {
            lateness.recordValue(Math.max(0, Due.now() - due));
          }
          var here = seen.computeIfAbsent(path, _ -> new BitSet());
          synchronized (here) {
            if (!here.get((int) number)) {
              here.set((int) number);
              first.increment();
            }
          }
        });
  }

  /// The requests of one connection, as far as they matter: HTTP/1.1 with `content-length`.
  private static final class Requests {
    private static final byte[] LENGTH = "content-length: ".getBytes(ISO_8859_1);
    private static final byte[] ID = "webhook-id: ".getBytes(ISO_8859_1);

    private final InputStream in;
    private byte[] buffer = new byte[8192];
    private int from;
    private int to;
    String path = "";
    String id = "";

    Requests(InputStream in) {
      this.in = in;
    }

    /// Reads the next, body included; false when there is none.
    boolean next() throws IOException {
      if (from == to && !fill()) {
        return false;
      }
      int line = line();
      int begin = indexOf(' ', from, line) + 1;
      path = text(begin, indexOf(' ', begin, line));
      id = "";
      long length = 0;
      from = line + 2;
      for (line = line(); line > from; line = line()) {
        if (startsWith(LENGTH)) {
          length = Long.parseLong(text(from + LENGTH.length, line));
        } else if (startsWith(ID)) {
          id = text(from + ID.length, line);
        }
        from = line + 2;
      }
      from += 2;
      skip(length);
      return true;
    }

    private String text(int begin, int end) {
      return new String(buffer, begin, end - begin, ISO_8859_1);
    }

    void awaitEnd() throws IOException {
      while (fill()) {
        from = to;
      }
    }

    /// Where the line that begins at `from` ends.
    private int line() throws IOException {
      for (int at = from; ; at++) {
        while (at + 1 >= to) {
          int ahead = at - from;
          if (!fill()) {
            throw new EOFException("in the middle of a request");
          }
          at = from + ahead;
        }
        if (buffer[at] == '\r' && buffer[at + 1] == '\n') {
          return at;
        }
      }
    }

    private void skip(long bytes) throws IOException {
      long left = bytes;
      while (left > to - from) {
        left -= to - from;
        from = to;
        if (!fill()) {
          throw new EOFException("in the middle of a body");
        }
      }
      from += (int) left;
    }

    /// Reads more behind what is there; false at the end.
    private boolean fill() throws IOException {
      if (from == to) {
        from = 0;
        to = 0;
      } else if (to == buffer.length) {
        if (from == 0) {
          buffer = Arrays.copyOf(buffer, buffer.length * 2);
        } else {
          System.arraycopy(buffer, from, buffer, 0, to - from);
          to -= from;
          from = 0;
        }
      }
      int read = in.read(buffer, to, buffer.length - to);
      to += Math.max(0, read);
      return read > 0;
    }

    private int indexOf(char wanted, int begin, int end) throws IOException {
      for (int at = begin; at < end; at++) {
        if (buffer[at] == wanted) {
          return at;
        }
      }
      throw new IOException("not an HTTP request");
    }

    private boolean startsWith(byte[] name) {
      if (to - from < name.length) {
        return false;
      }
      for (int i = 0; i < name.length; i++) {
        if ((buffer[from + i] | 0x20) != (name[i] | 0x20)) {
          return false;
        }
      }
      return true;
    }
  }
}
