package dev.fanfare.dispatcher.egress;

import static dev.fanfare.dispatcher.egress.TestEgress.egress;
import static dev.fanfare.dispatcher.egress.TestEgress.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.fanfare.dispatcher.egress.EgressSettings.Pools;
import dev.fanfare.dispatcher.egress.Reply.Answered;
import dev.fanfare.testkit.receiver.Receiver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Ten thousand endpoints do not mean ten thousand connections.
@Timeout(240)
class EndpointPoolsIT {
  private static final int ENDPOINTS = 10_000;
  private static final int MOST = 400;
  private static final int AT_ONCE = 16;
  private static final long MOST_HEAP = 48L << 20;

  @Test
  void connectionsAndMemoryStayBoundedHoweverManyEndpointsThereAre() throws Exception {
    try (var receiver = Receiver.start();
        var egress = egress(with(new Pools(MOST, 2, Duration.ofSeconds(4))))) {
      receiver.keep(0);
      post(egress, receiver, 0, MOST);
      long before = usedHeap();

      for (int from = 0; from < ENDPOINTS; from += MOST) {
        post(egress, receiver, from, from + MOST);

        assertThat(egress.endpoints()).isLessThanOrEqualTo(MOST);
        assertThat(egress.openConnections()).isLessThanOrEqualTo(MOST);
        await().until(() -> receiver.openConnections() <= MOST);
      }

      assertThat(receiver.count()).isEqualTo(ENDPOINTS + MOST);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(usedHeap() - before).isLessThan(MOST_HEAP));
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> egress.openConnections() == 0 && receiver.openConnections() == 0);
    }
  }

  private static void post(HttpEgress egress, Receiver receiver, int from, int to)
      throws Exception {
    var replies = new ArrayList<Future<Reply>>();
    try (var threads = Executors.newFixedThreadPool(AT_ONCE, Thread.ofVirtual().factory())) {
      for (int i = from; i < to; i++) {
        var post = Posts.from("sub_" + i, receiver.url("/" + i));
        replies.add(threads.submit(() -> egress.post(post)));
      }
    }
    for (var reply : replies) {
      assertThat(reply.get()).isInstanceOf(Answered.class);
    }
  }

  private static long usedHeap() {
    System.gc();
    var runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
