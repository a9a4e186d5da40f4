package dev.fanfare.dispatcher.delivery.worker;

/// Names and help of a worker's metrics.
enum WorkerMetric {
  SETTLED(
      "fanfare.deliveries.settled",
      "Outcomes settled, by outcome and event type; dead ones are counted by reason as well"),
  DEAD("fanfare.dead.letters", "Deliveries that ended without success, by reason"),
  SHED(
      "fanfare.lane.shed",
      "Deliveries that a lane deferred rather than hold its partition, by reason"),
  DISABLED("fanfare.endpoints.disabled", "Endpoints given up and so disabled, by reason"),
  ATTEMPT("fanfare.attempt", "Time of one POST, from its start to the end of the answer"),
  FIRST_ATTEMPT(
      "fanfare.first.attempt",
      "Time from the event's arrival on Kafka to the start of the first attempt; from fan-out where"
          + " the delivery had to wait on a rung before"),
  SETTLEMENT("fanfare.settlement", "Time of one settlement: outcomes and offsets, one transaction"),
  SETTLED_RECORDS("fanfare.settlement.records", "Records written by one settlement"),
  BLOCKED("fanfare.egress.blocked", "POSTs not made because the address is one that is refused"),
  IN_FLIGHT("fanfare.in.flight", "POSTs in flight"),
  LANES("fanfare.lanes", "Lanes, one an endpoint that was called lately, by state"),
  WAITING("fanfare.lanes.waiting", "Deliveries that wait in memory"),
  HELD("fanfare.memory.held.bytes", "Memory held"),
  ENDPOINT_ATTEMPTS(
      "fanfare.endpoint.attempts.per.second",
      "Attempts at an endpoint over the last minute or so; the busiest and the unwell only, as all"
          + " series by endpoint"),
  ENDPOINT_FAILURES(
      "fanfare.endpoint.failures.per.second", "Failed attempts at an endpoint, likewise"),
  ENDPOINT_WAITING("fanfare.endpoint.waiting", "Deliveries that wait in an endpoint's lane"),
  ENDPOINT_BREAKER(
      "fanfare.endpoint.breaker",
      "An endpoint's circuit breaker: 0 closed, 0.5 half open, 1 open: nothing is attempted");

  private final String meter;
  private final String help;

  WorkerMetric(String meter, String help) {
    this.meter = meter;
    this.help = help;
  }

  String meter() {
    return meter;
  }

  String help() {
    return help;
  }
}
