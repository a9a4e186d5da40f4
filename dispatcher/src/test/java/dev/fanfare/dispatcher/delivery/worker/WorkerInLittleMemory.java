package dev.fanfare.dispatcher.delivery.worker;

import dev.fanfare.dispatcher.delivery.lane.LaneSettings;
import dev.fanfare.dispatcher.egress.EgressSettings;
import dev.fanfare.dispatcher.egress.HttpEgress;
import dev.fanfare.schemas.avro.Delivery;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// A worker in a JVM of its own, for endpoints that all hang, which tells how much heap it takes:
/// what is left of it after a collection, before there is anything to do and at its height.
///
/// Arguments: the brokers, the topics' prefix, the receiver's port, how many endpoints, the
/// worker's memory budget, how many looks.
final class WorkerInLittleMemory {
  /// Before the name of a figure and the figure.
  static final String FIGURE = "figure ";

  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  private WorkerInLittleMemory() {}

  static String endpoint(int number) {
    return "sub_" + number;
  }

  public static void main(String[] args) throws Exception {
    int endpoints = Integer.parseInt(args[3]);
    var egress =
        new HttpEgress(
            EgressSettings.DEFAULT.allowing("127.0.0.0/8"), "test", InstantSource.system());
    var workers = new WorkersUnderTest(args[0], args[1], egress);
    // The registry is each process's own: with the first schema it gives the first number.
    var topic = workers.topics.deliveries().name();
    var known =
        workers
            .serdes
            .<Delivery>serializer()
            .serialize(topic, WorkerFixture.delivery(endpoint(0), "evt_0"));
    figure("schema_known", known.length);
    for (int i = 0; i < endpoints; i++) {
      workers.subscribe(
          endpoint(i), URI.create("http://127.0.0.1:" + args[2] + "/" + i), LONGEST_CALL);
    }
    long before = heapInUse();
    figure("before", before);
    workers.start("w1", Long.parseLong(args[4]), LONGEST_CALL, LaneSettings.DEFAULT);
    while (egress.callsInFlight() < endpoints * 19 / 20) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
    var held = workers.meters.get(WorkerMetric.HELD.meter()).gauge();
    long most = 0;
    long mostHeld = 0;
    for (int i = 0; i < Integer.parseInt(args[5]); i++) {
      most = Math.max(most, heapInUse());
      mostHeld = Math.max(mostHeld, (long) held.value());
      figure("in_flight", egress.callsInFlight());
      TimeUnit.MILLISECONDS.sleep(500);
    }
    figure("most", most);
    figure("held", mostHeld);
    Runtime.getRuntime().halt(0); // Thirty seconds are too long to wait for.
  }

  private static void figure(String name, long value) {
    System.out.println(FIGURE + name + " " + value);
  }

  private static long heapInUse() {
    var memory = ManagementFactory.getMemoryMXBean();
    memory.gc();
    return memory.getHeapMemoryUsage().getUsed();
  }
}
