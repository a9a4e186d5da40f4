package dev.fanfare.dispatcher.egress.guard;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import okhttp3.Dns;
import org.jspecify.annotations.Nullable;

/// The operator's HTTP proxy, as a way to connect: `CONNECT` (RFC 9110 §9.3.6) to an address, for
/// `http` as for `https`. It is never told a name, or it would resolve it anew and connect to
/// something that nobody has vetted. TLS runs through it, from end to end. Immutable.
public final class Tunnel {
  private static final int LONGEST_HEAD = 16 * 1024;

  private final String host;
  private final int port;
  private final Optional<String> authorization;
  private final List<Network> direct;
  private final Dns resolver;

  /// @param authorization value of `Proxy-Authorization`; null for none
  /// @param direct networks that are connected to without the proxy
  /// @param resolver for the proxy's own name
  public Tunnel(
      String host, int port, @Nullable String authorization, List<Network> direct, Dns resolver) {
    this.host = host;
    this.port = port;
    this.authorization = Optional.ofNullable(authorization);
    this.direct = List.copyOf(direct);
    this.resolver = resolver;
  }

  boolean leadsTo(InetAddress target) {
    return direct.stream().noneMatch(network -> network.contains(target.getAddress()));
  }

  InetSocketAddress entrance() throws IOException {
    var literal = Literals.parse(host);
    var address = literal.isPresent() ? literal.get() : resolver.lookup(host).getFirst();
    return new InetSocketAddress(address, port);
  }

  /// Asks for the way to the target; returns when it is open, with nothing read beyond the answer.
  ///
  /// @throws ProxyRefused if the proxy does not open it
  void open(InetSocketAddress target, InputStream in, OutputStream out) throws IOException {
    var authority = authority(target);
    var request = new StringBuilder();
    request.append("CONNECT ").append(authority).append(" HTTP/1.1\r\n");
    request.append("Host: ").append(authority).append("\r\n");
    authorization.ifPresent(
        value -> request.append("Proxy-Authorization: ").append(value).append("\r\n"));
    out.write(request.append("\r\n").toString().getBytes(US_ASCII));
    out.flush();
    var status = status(head(in));
    if (status.length() != 3 || !Literals.isDigits(status)) {
      throw new ProxyRefused("the proxy's answer is not valid HTTP");
    }
    if (!status.startsWith("2")) {
      throw new ProxyRefused("the proxy refused to connect, with status " + status);
    }
  }

  private static String authority(InetSocketAddress target) {
    var address = target.getAddress().getHostAddress();
    if (target.getAddress() instanceof Inet6Address) {
      int zone = address.indexOf('%');
      address = "[" + (zone < 0 ? address : address.substring(0, zone)) + "]";
    }
    return address + ":" + target.getPort();
  }

  /// Byte by byte: what follows belongs to the target.
  private static String head(InputStream in) throws IOException {
    var head = new StringBuilder();
    while (head.length() < 4 || head.indexOf("\r\n\r\n", head.length() - 4) < 0) {
      int next = in.read();
      if (next < 0) {
        throw new ProxyRefused("the proxy closed the connection");
      }
      if (head.length() >= LONGEST_HEAD) {
        throw new ProxyRefused("the head of the proxy's answer is too large");
      }
      head.append(new String(new byte[] {(byte) next}, ISO_8859_1));
    }
    return head.toString();
  }

  private static String status(String head) {
    var words = head.substring(0, head.indexOf("\r\n")).split(" ", 3);
    return words.length >= 2 && words[0].startsWith("HTTP/1.") ? words[1] : "";
  }
}
