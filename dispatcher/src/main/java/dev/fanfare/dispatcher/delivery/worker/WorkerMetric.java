package dev.fanfare.dispatcher.delivery.worker;

/// Names and help of a worker's metrics.
enum WorkerMetric {
  SETTLED(
      "fanfare.deliveries.settled",
      "Outcomes settled, by outcome; dead ones are counted by reason as well"),
  DEAD("fanfare.dead.letters", "Deliveries that ended without success, by reason"),
  SHED(
      "fanfare.lane.shed",
      "Deliveries that a lane deferred rather than hold its partition, by reason"),
  DISABLED("fanfare.endpoints.disabled", "Endpoints given up and so disabled, by reason"),
  ATTEMPT("fanfare.attempt", "Time of one POST, from its start to the end of the answer"),
  FIRST_ATTEMPT("fanfare.first.attempt", "Time from fan-out to the start of the first attempt"),
  SETTLEMENT("fanfare.settlement", "Time of one settlement: outcomes and offsets, one transaction"),
  BLOCKED("fanfare.egress.blocked", "POSTs not made because the address is one that is refused"),
  IN_FLIGHT("fanfare.in.flight", "POSTs in flight"),
  WAITING("fanfare.lanes.waiting", "Deliveries that wait in memory"),
  HELD("fanfare.memory.held.bytes", "Memory held");

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
