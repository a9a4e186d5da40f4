package dev.fanfare.sandbox.rules.planted;

import java.io.FileInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.common.TopicPartition;

/// Decisions that reach the world, each in its own way, and one that doesn't.
interface Impure {
  final class AsksTheClock {
    Instant due() {
      return Instant.now().plusSeconds(5);
    }
  }

  final class AsksTheClockByReference {
    Supplier<Instant> clock() {
      return Instant::now;
    }
  }

  final class RollsDice {
    double jitter() {
      return Math.random();
    }
  }

  final class MakesItsOwnSecureDice {
    int number() {
      return new SecureRandom().nextInt();
    }
  }

  final class OpensAFile {
    int first() throws IOException {
      try (var file = new FileInputStream("faults")) {
        return file.read();
      }
    }
  }

  final class StartsAThread {
    void start(Runnable work) {
      Thread.startVirtualThread(work);
    }
  }

  final class TalksToKafka {
    String topic(TopicPartition partition) {
      return partition.topic();
    }
  }

  final class ResolvesAName {
    boolean isLocal(String host) throws IOException {
      return InetAddress.getByName(host).isLoopbackAddress();
    }
  }

  final class NotAtAll {
    Instant due(Instant now, RandomGenerator dice) {
      return now.plus(Duration.ofMillis(dice.nextLong(1_000)));
    }
  }
}
