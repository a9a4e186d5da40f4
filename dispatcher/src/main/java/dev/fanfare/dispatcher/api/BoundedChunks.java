package dev.fanfare.dispatcher.api;

import dev.fanfare.dispatcher.api.exchange.ApiProblem;
import dev.fanfare.dispatcher.api.exchange.Problem;
import io.helidon.common.buffers.BufferData;
import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;

/// HTTP/1.1 as the server speaks it, save that no chunk may be longer than a bound. The server
/// holds a chunk whole before it hands on its first byte, and knows one bound for chunks and
/// contents; a content that is read line by line may be far longer than anybody should be able to
/// make us hold.
final class BoundedChunks implements ServerConnectionSelector {
  private final Http1ConnectionSelector http1;
  private final int longest;

  /// @param longest most bytes of one chunk
  BoundedChunks(Http1ConnectionSelector http1, int longest) {
    this.http1 = http1;
    this.longest = longest;
  }

  @Override
  public int bytesToIdentifyConnection() {
    return http1.bytesToIdentifyConnection();
  }

  @Override
  public Support supports(BufferData data) {
    return http1.supports(data);
  }

  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext connection) {
    return http1.connection(
        new Bounded(connection, new BoundedReader(connection.dataReader(), longest)));
  }

  /// What the server asks for a buffer of a known length for is a chunk.
  private static final class BoundedReader extends DataReader {
    private final int longest;

    @SuppressWarnings("removal") // the factory gives a reader that can't be told more
    BoundedReader(DataReader received, int longest) {
      super(() -> next(received));
      this.longest = longest;
    }

    private static byte[] next(DataReader received) {
      received.ensureAvailable();
      return received.readBuffer().readBytes();
    }

    @Override
    public BufferData readBuffer(int length) {
      if (length > longest) {
        throw new ApiProblem(Problem.tooLarge("a chunk has at most " + longest + " bytes"));
      }
      return super.readBuffer(length);
    }
  }

  private record Bounded(ConnectionContext connection, DataReader dataReader)
      implements ConnectionContext {
    @Override
    public ListenerContext listenerContext() {
      return connection.listenerContext();
    }

    @Override
    public ExecutorService executor() {
      return connection.executor();
    }

    @Override
    public DataWriter dataWriter() {
      return connection.dataWriter();
    }

    @Override
    public Router router() {
      return connection.router();
    }

    @Override
    public Optional<ProxyProtocolData> proxyProtocolData() {
      return connection.proxyProtocolData();
    }

    @Override
    public HelidonSocket serverSocket() {
      return connection.serverSocket();
    }

    @Override
    public PeerInfo remotePeer() {
      return connection.remotePeer();
    }

    @Override
    public PeerInfo localPeer() {
      return connection.localPeer();
    }

    @Override
    public boolean isSecure() {
      return connection.isSecure();
    }

    @Override
    public String socketId() {
      return connection.socketId();
    }

    @Override
    public String childSocketId() {
      return connection.childSocketId();
    }
  }
}
