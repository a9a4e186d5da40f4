package dev.fanfare.bench.micro;

import dev.fanfare.bench.load.Payloads;
import dev.fanfare.dispatcher.fanout.SubscriptionIndex;
import dev.fanfare.schemas.avro.EmailEvent;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/// Which subscriptions want an event: index and selectors, for one event. Ten subscriptions a
/// tenant, of which five take its type; and one tenant that has them all, each for one inbox.
@State(Scope.Benchmark)
public class MatchBenchmark {
  private static final int EVENTS = 1024;
  private static final int OF_A_TENANT = 10;

  @Param({"1000", "100000"})
  public int subscriptions;

  private final SubscriptionIndex byTenant = new SubscriptionIndex();
  private final SubscriptionIndex byInbox = new SubscriptionIndex();
  private final List<EmailEvent> events = new ArrayList<>();
  private final List<EmailEvent> inboxes = new ArrayList<>();

  @Setup
  public void fill() {
    for (int i = 0; i < subscriptions; i++) {
      var types = i % 2 == 0 ? List.of("email.*") : List.of("email.opened", "email.clicked");
      byTenant.put(Samples.subscription(i, "t" + i / OF_A_TENANT, types, List.of()));
      byInbox.put(Samples.subscription(i, "all", List.of("email.*"), List.of(Samples.inbox(i))));
    }
    var payloads = new Payloads(1024);
    for (int i = 0; i < EVENTS; i++) {
      int of = (int) ((long) i * subscriptions / EVENTS);
      events.add(payloads.event("b_" + i + "_0", "t" + of / OF_A_TENANT));
      inboxes.add(payloads.event("b_" + i + "_0", "all", Samples.inbox(of)));
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void fiveOfATenant(Blackhole found) {
    for (var event : events) {
      match(byTenant, event, found);
    }
  }

  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public void oneOfATenantWithAll(Blackhole found) {
    for (var event : inboxes) {
      match(byInbox, event, found);
    }
  }

  private static void match(SubscriptionIndex index, EmailEvent event, Blackhole found) {
    for (var candidate : index.candidates(event)) {
      if (candidate.selector().matches(event)) {
        found.consume(candidate);
      }
    }
  }
}
