package dev.fanfare.dispatcher.egress.guard;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/// Where Fanfare may connect to: the public Internet and the networks that its operator allows, and
/// nowhere else. Asked twice: at the door about the URL of a subscription, and before each
/// connection about the address that is dialled, because a name may resolve to anything by then.
///
/// An IPv4 address wrapped in an IPv6 one is judged as what it leads to.
///
/// @param allowHttp whether a URL may be `http`
/// @param allowed networks permitted although they are special, e.g. `127.0.0.0/8` for development
public record AddressPolicy(boolean allowHttp, List<Network> allowed) {
  /// HTTPS to public addresses: what production wants.
  public static final AddressPolicy STRICT = new AddressPolicy(false, List.of());

  private static final InetAddress LOOPBACK = Literals.of(new byte[] {127, 0, 0, 1});

  public AddressPolicy {
    allowed = List.copyOf(allowed);
  }

  /// Why the address may not be connected to, e.g. `link-local`; empty if it may.
  public Optional<String> refusal(InetAddress address) {
    return refusal(address.getAddress());
  }

  /// What is wrong with a URL that someone wants deliveries sent to, each as a sentence for that
  /// person; empty if nothing is. Looks nothing up and repeats nothing that could be secret.
  public List<String> checkUrl(String url) {
    return UrlCheck.problems(url, this);
  }

  private Optional<String> refusal(byte[] address) {
    if (allowed.stream().anyMatch(network -> network.contains(address))) {
      return Optional.empty();
    }
    var embedded = SpecialAddresses.embedded(address);
    if (embedded.isPresent()) {
      var refusal = refusal(embedded.get());
      if (refusal.isPresent() || SpecialAddresses.isMapped(address)) {
        return refusal;
      }
    }
    return SpecialAddresses.purpose(address);
  }

  boolean allowsLoopback() {
    return refusal(LOOPBACK).isEmpty();
  }

  boolean allowsSpecial() {
    return !allowed.isEmpty();
  }
}
