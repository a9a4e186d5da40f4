package dev.fanfare.dispatcher.control;

import dev.fanfare.schemas.avro.Delivery;

/// Where a delivery is found by its id: the delivery log.
@FunctionalInterface
public interface OriginalDeliveries {
  Lookup find(String deliveryId);

  /// What came of it.
  sealed interface Lookup {
    record Found(Delivery delivery) implements Lookup {}

    /// There is none, and every part of the log has said so.
    record Unknown() implements Lookup {}

    record Unavailable(String why) implements Lookup {}
  }

  /// Of a process without a log.
  OriginalDeliveries NONE = _ -> new Lookup.Unavailable("there is no delivery log");
}
