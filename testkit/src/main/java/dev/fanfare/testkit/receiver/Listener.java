package dev.fanfare.testkit.receiver;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;

/// A listening socket on loopback and the connections made to it, each served by a virtual thread.
final class Listener implements AutoCloseable {
  private static final int BACKLOG = 1024;

  /// Serves one connection until it returns or throws; the socket is closed after it.
  interface Service {
    void serve(Socket socket, long connection) throws IOException, InterruptedException;
  }

  private final ServerSocket server;
  private final Service service;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicLong accepted = new AtomicLong();

  private Listener(ServerSocket server, Service service) {
    this.server = server;
    this.service = service;
  }

  static Listener start(ServerSocket unbound, Service service) {
    try {
      unbound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), BACKLOG);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    var listener = new Listener(unbound, service);
    Thread.ofVirtual().name("receiver-accept").start(listener::accept);
    return listener;
  }

  int port() {
    return server.getLocalPort();
  }

  long accepted() {
    return accepted.get();
  }

  int openConnections() {
    return open.size();
  }

  private void accept() {
    while (!server.isClosed()) {
      Socket socket;
      try {
        socket = server.accept();
      } catch (IOException e) {
        continue; // Closed, and the loop ends; or a connection gone before it was accepted.
      }
      open.add(socket);
      long connection = accepted.incrementAndGet();
      Thread.ofVirtual().start(() -> serve(socket, connection));
    }
  }

  private void serve(Socket socket, long connection) {
    try (socket) {
      socket.setTcpNoDelay(true);
      service.serve(socket, connection);
    } catch (IOException e) {
      // The other side went away, which is its right.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      open.remove(socket);
    }
  }

  @Override
  public void close() {
    try {
      server.close();
      for (var socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
