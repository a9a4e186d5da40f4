package dev.fanfare.dispatcher.egress.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import okhttp3.Dns;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class GuardedDnsTest {
  private static final InetAddress PUBLIC = InetAddress.ofLiteral("93.184.215.14");
  private static final InetAddress OTHER = InetAddress.ofLiteral("2a00:1450:4001:80b::200e");
  private static final InetAddress METADATA = InetAddress.ofLiteral("169.254.169.254");
  private static final InetAddress PRIVATE = InetAddress.ofLiteral("10.0.0.7");

  @Test
  void returnsPublicAddressesInOrderAndNoOthers() throws Exception {
    try (var dns = dns(_ -> List.of(PRIVATE, PUBLIC, METADATA, OTHER))) {
      assertThat(dns.lookup("example.com")).containsExactly(PUBLIC, OTHER);
    }
  }

  @Test
  void blocksANameWithNoneThatIsPermitted() {
    try (var dns = dns(_ -> List.of(METADATA, PRIVATE))) {
      assertThatThrownBy(() -> dns.lookup("example.com"))
          .isInstanceOfSatisfying(
              BlockedAddress.class,
              blocked ->
                  assertThat(blocked.address()).isEqualTo("169.254.169.254 (cloud metadata)"));
    }
  }

  @Test
  void asksAgainEachTimeSoARebindIsNoticed() throws Exception {
    Deque<InetAddress> script = new ArrayDeque<>(List.of(PUBLIC, METADATA, PUBLIC));
    try (var dns = dns(_ -> List.of(script.removeFirst()))) {
      assertThat(dns.lookup("rebind.example")).containsExactly(PUBLIC);
      assertThatThrownBy(() -> dns.lookup("rebind.example")).isInstanceOf(BlockedAddress.class);
      assertThat(dns.lookup("rebind.example")).containsExactly(PUBLIC);
    }
  }

  @Test
  void aNameWithoutAddressesDoesNotResolve() {
    try (var none = dns(_ -> List.of());
        var unknown =
            dns(host -> {
              throw new UnknownHostException(host);
            })) {
      for (var dns : List.of(none, unknown)) {
        assertThatThrownBy(() -> dns.lookup("nowhere.example"))
            .isInstanceOf(UnknownHostException.class)
            .isNotInstanceOf(BlockedAddress.class);
      }
    }
  }

  @Test
  void boundsTheAddressesOfOneName() throws Exception {
    var many = new ArrayList<InetAddress>();
    for (int i = 0; i < 200; i++) {
      many.add(InetAddress.getByAddress(new byte[] {8, 8, 8, (byte) i}));
    }
    try (var dns = dns(_ -> many)) {
      assertThat(dns.lookup("many.example")).hasSize(16);
    }
  }

  @Test
  void waitsNoLongerThanTheCallMayTakeAndAsksOnceForAHangingName() throws Exception {
    var asked = new AtomicInteger();
    var release = new CountDownLatch(1);
    Dns hanging =
        host -> {
          if (host.equals("fast.example")) {
            return List.of(PUBLIC);
          }
          asked.incrementAndGet();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return List.of(PUBLIC);
        };
    try (var dns =
            new GuardedDns(AddressPolicy.STRICT, hanging, () -> Duration.ofMillis(200).toNanos());
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var lookups = new ArrayList<Future<List<InetAddress>>>();
      for (int i = 0; i < 20; i++) {
        lookups.add(threads.submit(() -> dns.lookup("hangs.example")));
      }

      for (var lookup : lookups) {
        assertThatThrownBy(() -> lookup.get(10, TimeUnit.SECONDS))
            .hasCauseInstanceOf(UnknownHostException.class);
      }
      assertThat(asked).hasValue(1);
      assertThat(dns.lookup("fast.example")).containsExactly(PUBLIC);
      release.countDown();
    }
  }

  @Test
  void anInterruptEndsTheWaitAndIsLeftForTheCaller() throws Exception {
    var release = new CountDownLatch(1);
    var began = new CountDownLatch(1);
    var interrupted = new CountDownLatch(1);
    try (var dns =
        dns(_ -> {
          began.countDown();
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return List.of(PUBLIC);
        })) {
      var thread =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  dns.lookup("hangs.example");
                } catch (UnknownHostException e) {
                  if (Thread.currentThread().isInterrupted()) {
                    interrupted.countDown();
                  }
                }
              });
      began.await();

      thread.interrupt();

      assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
      release.countDown();
    }
  }

  private static GuardedDns dns(Dns upstream) {
    return new GuardedDns(AddressPolicy.STRICT, upstream, () -> Duration.ofSeconds(5).toNanos());
  }
}
