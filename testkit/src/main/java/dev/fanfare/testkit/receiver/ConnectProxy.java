package dev.fanfare.testkit.receiver;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/// An HTTP proxy that opens tunnels (`CONNECT`, RFC 9110 §9.3.6), all of them to one port of this
/// machine, whatever address it is asked for; or says no. Remembers what it was asked.
public final class ConnectProxy implements AutoCloseable {
  private static final int BLOCK = 16 * 1024;

  private final Listener listener;
  private final int port;
  private final List<Received> asked = new CopyOnWriteArrayList<>();
  private volatile Optional<String> refusal = Optional.empty();

  private ConnectProxy(int port) throws IOException {
    this.port = port;
    listener = Listener.start(new ServerSocket(), this::serve);
  }

  /// @param port that the tunnels lead to
  public static ConnectProxy to(int port) {
    try {
      return new ConnectProxy(port);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Says this from now on, instead of opening a tunnel, and closes the connection.
  public void refuse(String answer) {
    refusal = Optional.of(answer);
  }

  public int port() {
    return listener.port();
  }

  /// The requests for tunnels.
  public List<Received> asked() {
    return List.copyOf(asked);
  }

  private void serve(Socket socket, long connection) throws IOException, InterruptedException {
    var in = socket.getInputStream();
    var out = socket.getOutputStream();
    var request = new RequestReader(in, out, connection).next();
    if (request.isEmpty()) {
      return;
    }
    asked.add(request.get());
    if (refusal.isPresent()) {
      out.write(refusal.get().getBytes(ISO_8859_1));
      out.flush();
      return;
    }
    try (var target = new Socket(InetAddress.getLoopbackAddress(), port)) {
      out.write(
          "HTTP/1.1 200 Connection established\r\nVia: 1.1 proxy\r\n\r\n".getBytes(ISO_8859_1));
      out.flush();
      var back = Thread.ofVirtual().start(() -> pass(target, socket));
      pass(socket, target);
      back.join();
    }
  }

  /// Until one side has nothing more to say; then neither has.
  private static void pass(Socket from, Socket to) {
    try {
      pass(from.getInputStream(), to.getOutputStream());
    } catch (IOException e) {
      // Gone, and so is the other side.
    } finally {
      end(from);
      end(to);
    }
  }

  private static void pass(InputStream in, OutputStream out) throws IOException {
    var block = new byte[BLOCK];
    for (int read = in.read(block); read >= 0; read = in.read(block)) {
      out.write(block, 0, read);
      out.flush();
    }
  }

  private static void end(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It has ended, then.
    }
  }

  @Override
  public void close() {
    listener.close();
  }
}
