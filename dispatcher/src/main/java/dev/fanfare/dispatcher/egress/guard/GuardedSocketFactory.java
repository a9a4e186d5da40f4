package dev.fanfare.dispatcher.egress.guard;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.util.Optional;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/// Makes sockets that ask the policy about the very address they connect to: the last word, also
/// for address literals, which no resolver sees. They use no proxy but the operator's [Tunnel],
/// whatever the system's properties say. What they read is counted: the client bounds the head of
/// an answer, but not e.g. the extension of a chunk, so a server could otherwise fill the heap with
/// one line.
public final class GuardedSocketFactory extends SocketFactory {
  private final AddressPolicy policy;
  private final Optional<Tunnel> tunnel;
  private final ReadBudget budget;

  /// @param tunnel through which to connect; null for the straight way
  public GuardedSocketFactory(AddressPolicy policy, @Nullable Tunnel tunnel, ReadBudget budget) {
    this.policy = policy;
    this.tunnel = Optional.ofNullable(tunnel);
    this.budget = budget;
  }

  @Override
  public Socket createSocket() {
    return new GuardedSocket(policy, tunnel, budget);
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(String host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return bound(new InetSocketAddress(host, port), localHost, localPort);
  }

  @Override
  public Socket createSocket(InetAddress host, int port) throws IOException {
    return connected(new InetSocketAddress(host, port));
  }

  @Override
  public Socket createSocket(InetAddress host, int port, InetAddress localHost, int localPort)
      throws IOException {
    return bound(new InetSocketAddress(host, port), localHost, localPort);
  }

  private Socket connected(InetSocketAddress address) throws IOException {
    var socket = createSocket();
    try {
      socket.connect(address);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private Socket bound(InetSocketAddress address, InetAddress localHost, int localPort)
      throws IOException {
    var socket = createSocket();
    try {
      socket.bind(new InetSocketAddress(localHost, localPort));
      socket.connect(address);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  private static final class GuardedSocket extends Socket {
    private final AddressPolicy policy;
    private final Optional<Tunnel> tunnel;
    private final ReadBudget budget;

    GuardedSocket(AddressPolicy policy, Optional<Tunnel> tunnel, ReadBudget budget) {
      super(Proxy.NO_PROXY);
      this.policy = policy;
      this.tunnel = tunnel;
      this.budget = budget;
    }

    @Override
    public InputStream getInputStream() throws IOException {
      return new CountedStream(super.getInputStream(), budget);
    }

    @Override
    public void connect(SocketAddress endpoint) throws IOException {
      connect(endpoint, 0);
    }

    @Override
    public void connect(SocketAddress endpoint, int timeout) throws IOException {
      if (!(endpoint instanceof InetSocketAddress target) || target.isUnresolved()) {
        throw new SocketException("only resolved addresses are connected to");
      }
      var refusal = policy.refusal(target.getAddress());
      if (refusal.isPresent()) {
        throw new BlockedAddress(target.getAddress(), refusal.get());
      }
      var way = tunnel.filter(it -> it.leadsTo(target.getAddress()));
      if (way.isPresent()) {
        connect(way.get(), target, timeout);
      } else {
        super.connect(target, timeout);
        setTcpNoDelay(true);
      }
    }

    private void connect(Tunnel way, InetSocketAddress target, int timeout) throws IOException {
      try {
        super.connect(way.entrance(), timeout);
      } catch (ConnectException | UnknownHostException e) {
        throw (IOException) new ProxyRefused("the proxy can't be reached").initCause(e);
      }
      setTcpNoDelay(true);
      int before = getSoTimeout();
      setSoTimeout(timeout);
      way.open(target, super.getInputStream(), getOutputStream());
      setSoTimeout(before);
    }
  }

  private static final class CountedStream extends FilterInputStream {
    private final ReadBudget budget;

    CountedStream(InputStream in, ReadBudget budget) {
      super(in);
      this.budget = budget;
    }

    @Override
    public int read() throws IOException {
      int read = super.read();
      if (read >= 0) {
        budget.received(1);
      }
      return read;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
      int read = super.read(target, offset, length);
      if (read > 0) {
        budget.received(read);
      }
      return read;
    }
  }
}
