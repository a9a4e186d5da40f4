package dev.fanfare.dispatcher.egress;

import dev.fanfare.testkit.receiver.TestCertificate;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLServerSocket;

/// As much of an HTTP/2 server (RFC 9113) as it takes to answer 200 to whole requests, or, once
/// told, to go on reading and never say a word again.
final class Http2Peer implements AutoCloseable {
  private static final int PREFACE = 24;
  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  /// `:status: 200`, entry 8 of HPACK's static table (RFC 7541 appendix A).
  private static final byte[] STATUS_200 = {(byte) 0x88};

  private static final byte[] NOTHING = {};

  private final SSLServerSocket server;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile boolean mute;

  Http2Peer(TestCertificate certificate) throws IOException {
    server =
        (SSLServerSocket) certificate.serverContext().getServerSocketFactory().createServerSocket();
    var parameters = server.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"h2"});
    server.setSSLParameters(parameters);
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    Thread.ofVirtual().start(this::accept);
  }

  URI url() {
    return URI.create("https://127.0.0.1:" + server.getLocalPort() + "/hook");
  }

  int connections() {
    return connections.get();
  }

  int requests() {
    return requests.get();
  }

  int openConnections() {
    return open.size();
  }

  /// The first connection stays open and says nothing more; later ones answer.
  void muteFirstConnection() {
    mute = true;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        var socket = server.accept();
        open.add(socket);
        boolean first = connections.incrementAndGet() == 1;
        Thread.ofVirtual().start(() -> serve(socket, first));
      } catch (IOException e) {
        // Closed: the loop ends.
      }
    }
  }

  private void serve(Socket socket, boolean first) {
    try (socket) {
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
        if (mute && first) {
          continue;
        }
        int type = lengthAndType & 0xff;
        if (type == SETTINGS && (flags & ACK) == 0) {
          frame(out, SETTINGS, ACK, 0, NOTHING);
        } else if (type == PING && (flags & ACK) == 0) {
          frame(out, PING, ACK, 0, payload);
        } else if ((type == DATA || type == HEADERS) && (flags & END_STREAM) != 0) {
          requests.incrementAndGet();
          frame(out, HEADERS, END_HEADERS | END_STREAM, stream, STATUS_200);
        }
      }
    } catch (IOException e) {
      // The client has left.
    } finally {
      open.remove(socket);
    }
  }

  private static void frame(DataOutputStream out, int type, int flags, int stream, byte[] payload)
      throws IOException {
    out.writeInt(payload.length << 8 | type);
    out.writeByte(flags);
    out.writeInt(stream);
    out.write(payload);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (var socket : open) {
      socket.close();
    }
  }
}
