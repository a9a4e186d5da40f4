package dev.fanfare.testkit.receiver;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLServerSocket;

/// As much of an HTTP/2 server (RFC 9113) as it takes to answer 200 to whole requests, or to
/// misbehave. Trusts nothing but its own frames: of a request only its end is looked at.
public final class Http2Receiver implements AutoCloseable {
  private static final int PREFACE = 24;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RST_STREAM = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int WINDOW_UPDATE = 8;
  private static final int CONTINUATION = 9;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;
  private static final int NO_ERROR = 0;
  private static final int INTERNAL_ERROR = 2;
  private static final int REFUSED_STREAM = 7;
  private static final int BLOCK = 16 * 1024;
  private static final long DRIP_MILLIS = 20;
  private static final int BOMB_FIELDS = 12_000;

  /// `:status: 200`, entry 8 of HPACK's static table (RFC 7541 appendix A).
  private static final byte[] STATUS_200 = {(byte) 0x88};

  /// `:status: 103`, a literal whose name is entry 8.
  private static final byte[] STATUS_103 = {0x08, 0x03, '1', '0', '3'};

  private static final byte[] NOTHING = {};

  private final Listener listener;
  private final AtomicLong requests = new AtomicLong();
  private final AtomicLong flooded = new AtomicLong();
  private volatile Http2Misbehaviour misbehaviour;
  private volatile boolean firstOnly;

  private Http2Receiver(TestCertificate certificate, Http2Misbehaviour misbehaviour)
      throws IOException {
    this.misbehaviour = misbehaviour;
    var server =
        (SSLServerSocket) certificate.serverContext().getServerSocketFactory().createServerSocket();
    var parameters = server.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    server.setSSLParameters(parameters);
    listener = Listener.start(server, this::serve);
  }

  public static Http2Receiver start(TestCertificate certificate, Http2Misbehaviour misbehaviour) {
    try {
      return new Http2Receiver(certificate, misbehaviour);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url() {
    return URI.create("https://127.0.0.1:" + listener.port() + "/hook");
  }

  /// From now on, on every connection.
  public void become(Http2Misbehaviour other) {
    misbehaviour = other;
  }

  /// From now on on the first connection ever made; later ones answer.
  public void becomeOnFirstConnection(Http2Misbehaviour other) {
    firstOnly = true;
    misbehaviour = other;
  }

  /// Requests read whole, answered or not.
  public long requests() {
    return requests.get();
  }

  /// Connections ever made.
  public long connections() {
    return listener.accepted();
  }

  public int openConnections() {
    return listener.openConnections();
  }

  /// Bytes of what has no end that the other side, or the kernels between, have taken.
  public long flooded() {
    return flooded.get();
  }

  private void serve(Socket socket, long connection) throws IOException, InterruptedException {
    var in = new DataInputStream(socket.getInputStream());
    var out = new DataOutputStream(socket.getOutputStream());
    in.readFully(new byte[PREFACE]);
    frame(out, SETTINGS, 0, 0, NOTHING);
    while (true) {
      int lengthAndType = in.readInt();
      int flags = in.readUnsignedByte();
      int stream = in.readInt();
      var payload = new byte[lengthAndType >>> 8];
      in.readFully(payload);
      int type = lengthAndType & 0xff;
      if (type == DATA && playedOn(connection) != Http2Misbehaviour.NO_WINDOW) {
        letMoreIn(out, stream, payload.length);
      }
      boolean silent = playedOn(connection) == Http2Misbehaviour.HANG;
      if (type == SETTINGS && (flags & ACK) == 0 && !silent) {
        frame(out, SETTINGS, ACK, 0, NOTHING);
      } else if (type == PING && (flags & ACK) == 0 && !silent) {
        frame(out, PING, ACK, 0, payload);
      } else if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
        requests.incrementAndGet();
        if (!play(playedOn(connection), stream, socket, out)) {
          return;
        }
      }
    }
  }

  private static void letMoreIn(DataOutputStream out, int stream, int bytes) throws IOException {
    if (bytes > 0) {
      frame(out, WINDOW_UPDATE, 0, 0, number(bytes));
      frame(out, WINDOW_UPDATE, 0, stream, number(bytes));
    }
  }

  private Http2Misbehaviour playedOn(long connection) {
    return firstOnly && connection > 1 ? Http2Misbehaviour.NONE : misbehaviour;
  }

  /// Whether the connection goes on.
  private boolean play(Http2Misbehaviour played, int stream, Socket socket, DataOutputStream out)
      throws IOException, InterruptedException {
    switch (played) {
      case NONE, NO_WINDOW -> answer(out, stream);
      case HANG -> {}
      case REFUSE_STREAM -> frame(out, RST_STREAM, 0, stream, number(REFUSED_STREAM));
      case FAIL_STREAM -> frame(out, RST_STREAM, 0, stream, number(INTERNAL_ERROR));
      case GO_AWAY_UNSEEN -> {
        goAway(out, 0);
        return false;
      }
      case GO_AWAY_AFTER_ANSWER -> {
        answer(out, stream);
        goAway(out, stream);
      }
      case RESET_CONNECTION -> {
        socket.setSoLinger(true, 0);
        return false;
      }
      case BODY_BEFORE_HEAD -> flood(out, DATA, 0, stream, new byte[BLOCK]);
      case ENDLESS_BODY -> {
        frame(out, HEADERS, END_HEADERS, stream, STATUS_200);
        flood(out, DATA, 0, stream, new byte[BLOCK]);
      }
      case DRIP_BODY -> {
        frame(out, HEADERS, END_HEADERS, stream, STATUS_200);
        while (true) {
          frame(out, DATA, 0, stream, new byte[1]);
          Thread.sleep(DRIP_MILLIS);
        }
      }
      case ENDLESS_HEAD -> {
        frame(out, HEADERS, 0, stream, STATUS_200);
        flood(out, CONTINUATION, 0, stream, field("x", "v".repeat(BLOCK - 100), false));
      }
      case HEAD_BOMB -> bomb(out, stream);
      case ENDLESS_HINTS -> flood(out, HEADERS, END_HEADERS, stream, STATUS_103);
      case PING_FLOOD -> flood(out, PING, 0, 0, new byte[8]);
      case SETTINGS_FLOOD -> flood(out, SETTINGS, 0, 0, NOTHING);
      case GARBAGE -> {
        out.write("HTTP/1.1 400 this is not HTTP/2\r\n\r\n".repeat(1000).getBytes(US_ASCII));
        out.flush();
        return false;
      }
    }
    return true;
  }

  private static void answer(DataOutputStream out, int stream) throws IOException {
    frame(out, HEADERS, END_HEADERS | END_STREAM, stream, STATUS_200);
  }

  private static void goAway(DataOutputStream out, int lastStream) throws IOException {
    frame(out, GOAWAY, 0, 0, ByteBuffer.allocate(8).putInt(lastStream).putInt(NO_ERROR).array());
  }

  /// One field into the dynamic table, then the same by its index, a byte each.
  private void bomb(DataOutputStream out, int stream) throws IOException {
    var head = new ByteArrayOutputStream();
    head.writeBytes(STATUS_200);
    head.writeBytes(field("x", "v".repeat(4000), true));
    for (int i = 0; i < BOMB_FIELDS; i++) {
      head.write(0x80 | 62); // the newest entry
    }
    frame(out, HEADERS, END_HEADERS, stream, head.toByteArray());
    flooded.addAndGet(head.size());
  }

  /// A literal, with a new name, no Huffman code (RFC 7541 §6.2).
  private static byte[] field(String name, String value, boolean indexed) {
    var field = new ByteArrayOutputStream();
    field.write(indexed ? 0x40 : 0);
    text(field, name);
    text(field, value);
    return field.toByteArray();
  }

  private static void text(ByteArrayOutputStream to, String text) {
    int length = text.length();
    if (length < 127) {
      to.write(length);
    } else {
      to.write(127);
      int rest = length - 127;
      while (rest >= 128) {
        to.write(rest % 128 | 0x80);
        rest /= 128;
      }
      to.write(rest);
    }
    to.writeBytes(text.getBytes(US_ASCII));
  }

  private void flood(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    while (true) {
      frame(out, type, flags, stream, payload);
      flooded.addAndGet(payload.length + 9);
    }
  }

  private static byte[] number(int value) {
    return ByteBuffer.allocate(4).putInt(value).array();
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    var frame = ByteBuffer.allocate(9 + payload.length);
    frame.putInt(payload.length << 8 | type).put((byte) flags).putInt(stream).put(payload);
    out.write(frame.array());
    out.flush();
  }

  @Override
  public void close() {
    listener.close();
  }
}
