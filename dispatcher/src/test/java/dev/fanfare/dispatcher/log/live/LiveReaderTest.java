package dev.fanfare.dispatcher.log.live;

import static org.assertj.core.api.Assertions.assertThat;

import dev.fanfare.dispatcher.log.entry.DeliveryState;
import dev.fanfare.dispatcher.log.entry.DeliveryStatus;
import dev.fanfare.dispatcher.log.entry.Selection;
import dev.fanfare.dispatcher.log.live.LiveReader.Next;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class LiveReaderTest {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();
  private static final Duration NOW = Duration.ofMillis(1);

  private final AtomicLong counted = new AtomicLong();
  private final LiveTail tail = new LiveTail(Map.of(), "changelog", 1, counted::addAndGet);

  @Test
  void whoDoesNotKeepUpIsToldHowMuchItMissedAndOthersMissNothing() throws Exception {
    var slow = new LiveReader(tail, Selection.ALL);
    var quick = new LiveReader(tail, Selection.ALL);
    for (int i = 0; i < LiveReader.QUEUE + 7; i++) {
      slow.offer(delivery(i, "acme"), new long[] {i + 1});
      quick.offer(delivery(i, "acme"), new long[] {i + 1});
      assertThat(quick.next(NOW)).isInstanceOf(Next.Changed.class);
    }

    assertThat(slow.next(NOW)).isEqualTo(new Next.Missed(7));
    for (int i = 0; i < LiveReader.QUEUE; i++) {
      var id = "dlv_" + i;
      assertThat(slow.next(NOW))
          .isInstanceOfSatisfying(
              Next.Changed.class,
              it -> assertThat(it.change().state().names().deliveryId()).isEqualTo(id));
    }
    assertThat(slow.next(NOW)).isInstanceOf(Next.Quiet.class);
    assertThat(counted).hasValue(7);
  }

  @Test
  void whatIsNotSelectedTakesNoPlace() throws Exception {
    var reader = new LiveReader(tail, ofTenant("other"));
    for (int i = 0; i < 2 * LiveReader.QUEUE; i++) {
      reader.offer(delivery(i, "acme"), new long[] {i + 1});
    }
    reader.offer(delivery(1, "other"), new long[] {9_999});

    assertThat(reader.next(NOW))
        .isInstanceOfSatisfying(
            Next.Changed.class,
            it -> assertThat(it.change().state().names().tenant()).isEqualTo("other"));
    assertThat(reader.next(NOW)).isInstanceOf(Next.Quiet.class);
    assertThat(counted).hasValue(0);
  }

  @Test
  void whoHangsOnItsConnectionForAMinuteIsInterrupted() throws Exception {
    var reader = new LiveReader(tail, Selection.ALL);
    var hangs = new CountDownLatch(1);
    var interrupted = new AtomicBoolean();
    var thread =
        Thread.ofVirtual()
            .start(() -> {
              try {
                var _ = reader.next(NOW);
                hangs.countDown();
                new CountDownLatch(1).await(); // a socket that takes no more
              } catch (InterruptedException e) {
                interrupted.set(true);
              }
            });
    hangs.await();

    assertThat(reader.endIfStuck(System.nanoTime())).isFalse();
    assertThat(reader.endIfStuck(System.nanoTime() + MINUTE)).isTrue();

    thread.join();
    assertThat(interrupted).isTrue();
  }

  @Test
  void allEndWithTheTail() throws Exception {
    var reader = new LiveReader(tail, Selection.ALL);
    reader.offer(delivery(1, "acme"), new long[] {1});
    tail.close();

    assertThat(reader.next(NOW)).isInstanceOf(Next.Changed.class);
    assertThat(reader.next(NOW)).isEqualTo(new Next.Ended());
  }

  private static Selection ofTenant(String tenant) {
    return new Selection(
        Optional.empty(),
        Optional.of(tenant),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        Long.MAX_VALUE);
  }

  private static DeliveryState delivery(int number, String tenant) {
    return new DeliveryState(
        new DeliveryState.Names(
            "dlv_" + number,
            "evt_" + number,
            "sub_1",
            tenant,
            "email.delivered",
            "msg_1",
            "ann@example.com",
            Optional.empty(),
            Optional.empty()),
        number,
        number,
        0,
        true,
        DeliveryStatus.DELIVERED,
        1,
        Optional.empty(),
        DeliveryState.Last.NONE,
        0);
  }
}
