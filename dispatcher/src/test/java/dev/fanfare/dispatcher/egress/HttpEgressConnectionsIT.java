package dev.fanfare.dispatcher.egress;

import static dev.fanfare.dispatcher.egress.TestEgress.LOCALHOST;
import static dev.fanfare.dispatcher.egress.TestEgress.LOOPBACK;
import static dev.fanfare.dispatcher.egress.TestEgress.egress;
import static dev.fanfare.dispatcher.egress.TestEgress.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.egress.EgressSettings.Pools;
import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.dispatcher.egress.Reply.Blocked;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import dev.fanfare.dispatcher.egress.guard.BlockedAddress;
import dev.fanfare.dispatcher.egress.guard.GuardedSocketFactory;
import dev.fanfare.testkit.receiver.Answer;
import dev.fanfare.testkit.receiver.HostileReceiver;
import dev.fanfare.testkit.receiver.Misbehaviour;
import dev.fanfare.testkit.receiver.Received;
import dev.fanfare.testkit.receiver.Receiver;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import okhttp3.Dns;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Where connections go, how long they are kept and how calls end.
@Timeout(60)
class HttpEgressConnectionsIT {
  private Receiver receiver;
  private HttpEgress egress;

  @BeforeEach
  void start() {
    receiver = Receiver.start();
    egress = egress(LOOPBACK);
  }

  @AfterEach
  void stop() {
    egress.close();
    receiver.close();
  }

  @Test
  void endpointsShareNoConnectionAndAChangedUrlTakesNewOnes() throws Exception {
    for (var endpoint : List.of("sub_1", "sub_2", "sub_1", "sub_2")) {
      egress.post(Posts.from(endpoint, receiver.url("/old")));
    }
    egress.post(Posts.from("sub_1", receiver.url("/new")));

    assertThat(receiver.await(5, Duration.ofSeconds(5)))
        .extracting(Received::connection)
        .containsExactly(1L, 2L, 1L, 2L, 3L);
    assertThat(receiver.requests().getLast().target()).isEqualTo("/new");
    await().until(() -> receiver.openConnections() == 2);
    assertThat(egress.endpoints()).isEqualTo(2);
  }

  @Test
  void keepsConnectionsForTheEndpointsUsedLast() {
    var settings = with(new Pools(3, 8, Duration.ofMinutes(1)));
    try (var small = egress(settings)) {
      for (int i = 1; i <= 10; i++) {
        small.post(Posts.from("sub_" + i, receiver.url("/")));
      }
      assertThat(small.endpoints()).isEqualTo(3);
      await().until(() -> receiver.openConnections() == 3);

      small.post(Posts.from("sub_10", receiver.url("/")));
      small.post(Posts.from("sub_9", receiver.url("/")));
      small.post(Posts.from("sub_8", receiver.url("/")));
      assertThat(receiver.connections()).isEqualTo(10);
    }
    await().until(() -> receiver.openConnections() == 0);
  }

  @Test
  void closesConnectionsUnusedForLong() {
    try (var hasty = egress(with(new Pools(10, 8, Duration.ofMillis(200))))) {
      hasty.post(Posts.to(receiver.url("/")));
      assertThat(receiver.openConnections()).isEqualTo(1);
      await().until(() -> receiver.openConnections() == 0 && hasty.openConnections() == 0);
    }
  }

  @Test
  void aNameThatComesToPointInsideIsBlockedAtThatAttempt() {
    var answers = new LinkedBlockingQueue<InetAddress>();
    answers.add(LOCALHOST);
    answers.add(InetAddress.ofLiteral("169.254.169.254"));
    answers.add(InetAddress.ofLiteral("10.0.0.1"));
    answers.add(LOCALHOST);
    try (var rebound = egress(LOOPBACK, _ -> List.of(answers.remove()))) {
      receiver.answer(Answer.OK.header("connection", "close"));
      var url = URI.create("http://rebind.example:" + receiver.port() + "/hook?token=secret");

      assertThat(rebound.post(Posts.to(url))).isInstanceOf(Answered.class);
      assertThat(rebound.post(Posts.to(url)))
          .isInstanceOfSatisfying(
              Blocked.class,
              blocked ->
                  assertThat(blocked.address()).isEqualTo("169.254.169.254 (cloud metadata)"));
      assertThat(rebound.post(Posts.to(url))).isInstanceOf(Blocked.class);
      assertThat(rebound.post(Posts.to(url))).isInstanceOf(Answered.class);
      assertThat(receiver.count()).isEqualTo(2);
    }
  }

  @Test
  void aKeptConnectionToAVettedAddressAsksNobody() {
    var answers = new LinkedBlockingQueue<InetAddress>(List.of(LOCALHOST));
    try (var once = egress(LOOPBACK, _ -> List.of(answers.remove()))) {
      var url = URI.create("http://once.example:" + receiver.port() + "/");
      assertThat(once.post(Posts.to(url))).isInstanceOf(Answered.class);
      assertThat(once.post(Posts.to(url))).isInstanceOf(Answered.class);
    }
  }

  @Test
  void blocksUrlsThatShouldNeverHaveBeenStored() {
    try (var strict = egress(EgressSettings.DEFAULT)) {
      for (var url :
          List.of(
              receiver.url("/hook?token=secret").toString(),
              "https://127.0.0.1:" + receiver.port() + "/?token=secret",
              "https://localhost:" + receiver.port() + "/?token=secret",
              "https://2130706433:" + receiver.port() + "/?token=secret",
              "https://[::ffff:7f00:1]:" + receiver.port() + "/?token=secret",
              "https://user:secret@example.com/",
              "http://example.com/?token=secret",
              "ftp://example.com/?token=secret",
              "mailto:secret@example.com")) {
        assertThat(strict.post(Posts.to(URI.create(url))))
            .as(url)
            .isInstanceOfSatisfying(
                Blocked.class,
                blocked -> assertThat(blocked.address()).doesNotContain("secret", "token"));
      }
    }
    assertThat(receiver.connections()).isZero();
  }

  /// The door is not asked here: the socket itself refuses.
  @Test
  void theSocketRefusesALiteralThatNoResolverSees() {
    var socket =
        new GuardedSocketFactory(EgressSettings.DEFAULT.policy(), null, _ -> {}).createSocket();
    assertThatThrownBy(
            () -> socket.connect(new InetSocketAddress(LOCALHOST, receiver.port()), 1000))
        .isInstanceOf(BlockedAddress.class);
    assertThat(receiver.connections()).isZero();
  }

  @Test
  void usesNoProxyWhateverThePlatformIsTold() {
    var nobody = Integer.toString(HostileReceiver.refusing().getPort());
    var properties =
        List.of("socksProxyHost", "socksProxyPort", "http.proxyHost", "http.proxyPort");
    try {
      for (var property : properties) {
        System.setProperty(property, property.endsWith("Port") ? nobody : "127.0.0.1");
      }
      System.setProperty("http.nonProxyHosts", "");
      System.setProperty("socksNonProxyHosts", "");

      assertThat(egress.post(Posts.to(receiver.url("/")))).isInstanceOf(Answered.class);
    } finally {
      properties.forEach(System::clearProperty);
      System.clearProperty("http.nonProxyHosts");
      System.clearProperty("socksNonProxyHosts");
    }
  }

  @Test
  void aNameThatDoesNotResolveIsADnsFault() {
    try (var nowhere =
        egress(
            LOOPBACK,
            host -> {
              throw new UnknownHostException(host);
            })) {
      var reply = nowhere.post(Posts.to(URI.create("http://nowhere.example/?token=secret")));

      assertThat(reply)
          .isInstanceOfSatisfying(
              Unanswered.class,
              unanswered -> {
                assertThat(unanswered.fault()).isEqualTo(Fault.DNS);
                assertThat(unanswered.message()).doesNotContain("secret");
              });
    }
  }

  @Test
  void aResolverThatHangsIsATimeoutThatCostsNobodyElseAnything() throws Exception {
    var release = new CountDownLatch(1);
    Dns half =
        host -> {
          if (!host.startsWith("hangs")) {
            return List.of(LOCALHOST);
          }
          try {
            release.await();
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
          return List.of(LOCALHOST);
        };
    try (var egress = egress(LOOPBACK, half);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var hanging = new ArrayList<Future<Reply>>();
      for (int i = 0; i < 50; i++) {
        var url = URI.create("http://hangs" + i + ".example:" + receiver.port() + "/");
        hanging.add(threads.submit(() -> egress.post(Posts.to(url, Duration.ofSeconds(2)))));
      }
      var url = URI.create("http://fine.example:" + receiver.port() + "/");

      assertThat(egress.post(Posts.from("sub_2", url))).isInstanceOf(Answered.class);

      for (var each : hanging) {
        assertThat(each.get())
            .isInstanceOfSatisfying(
                Unanswered.class,
                unanswered -> {
                  assertThat(unanswered.fault()).isEqualTo(Fault.TIMEOUT);
                  assertThat(unanswered.message()).contains("resolving");
                });
      }
      release.countDown();
    }
  }

  @Test
  void triesTheNextAddressOfANameWhenTheFirstRefuses() throws Exception {
    var nobody = InetAddress.ofLiteral("127.0.0.2");
    try (var egress = egress(LOOPBACK, _ -> List.of(nobody, LOCALHOST))) {
      var url = URI.create("http://two.example:" + receiver.port() + "/");

      assertThat(egress.post(Posts.to(url))).isInstanceOf(Answered.class);
    }
    assertThat(receiver.count()).isEqualTo(1);
  }

  @Test
  void anInterruptEndsTheCallAsCancelled() throws Exception {
    try (var hostile = HostileReceiver.start(Misbehaviour.HANG_AFTER_REQUEST)) {
      var replies = new LinkedBlockingQueue<Reply>();
      var thread =
          Thread.ofVirtual()
              .start(
                  () -> replies.add(egress.post(Posts.to(hostile.url(), Duration.ofSeconds(30)))));
      await().until(() -> hostile.posts() == 1);

      thread.interrupt();

      assertThat(replies.poll(10, TimeUnit.SECONDS))
          .isInstanceOfSatisfying(
              Unanswered.class,
              unanswered -> assertThat(unanswered.fault()).isEqualTo(Fault.CANCELLED));
      await().until(() -> hostile.openConnections() == 0 && egress.openConnections() == 0);
    }
  }

  @Test
  void aThreadAlreadyInterruptedSendsNothing() throws Exception {
    var replies = new LinkedBlockingQueue<Reply>();
    Thread.ofVirtual()
        .start(() -> {
          Thread.currentThread().interrupt();
          replies.add(egress.post(Posts.to(receiver.url("/"))));
        });

    assertThat(replies.poll(10, TimeUnit.SECONDS))
        .isInstanceOfSatisfying(
            Unanswered.class,
            unanswered -> assertThat(unanswered.fault()).isEqualTo(Fault.CANCELLED));
    assertThat(receiver.connections()).isZero();
  }

  @Test
  void closingEndsCallsBeingMadeAndLaterOnes() throws Exception {
    try (var hostile = HostileReceiver.start(Misbehaviour.HANG_AFTER_REQUEST);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var calls = new ArrayList<Future<Reply>>();
      for (int i = 0; i < 20; i++) {
        calls.add(
            threads.submit(() -> egress.post(Posts.to(hostile.url(), Duration.ofSeconds(30)))));
      }
      await().until(() -> hostile.posts() == 20);

      egress.close();

      calls.add(threads.submit(() -> egress.post(Posts.to(receiver.url("/")))));
      for (var call : calls) {
        assertThat(call.get(10, TimeUnit.SECONDS))
            .isInstanceOfSatisfying(
                Unanswered.class,
                unanswered -> assertThat(unanswered.fault()).isEqualTo(Fault.CANCELLED));
      }
      assertThat(receiver.count()).isZero();
      assertThat(egress.callsInFlight()).isZero();
      await().until(() -> hostile.openConnections() == 0);
    }
  }

  @Test
  void manyCallsAtATimeArriveOnceEach() throws Exception {
    int calls = 2_000;
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var replies = new ArrayList<Future<Reply>>();
      for (int i = 0; i < calls; i++) {
        var endpoint = "sub_" + i % 50;
        replies.add(threads.submit(() -> egress.post(Posts.from(endpoint, receiver.url("/")))));
      }
      for (var reply : replies) {
        assertThat(reply.get()).isInstanceOf(Answered.class);
      }
    }
    assertThat(receiver.count()).isEqualTo(calls);
    assertThat(egress.callsInFlight()).isZero();
  }
}
