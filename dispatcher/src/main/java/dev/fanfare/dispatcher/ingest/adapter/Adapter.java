package dev.fanfare.dispatcher.ingest.adapter;

import com.fasterxml.jackson.databind.JsonNode;

/// One provider's reports into events. Immutable; safe for any number of threads.
interface Adapter {
  /// Adds what one report says: events, one for each recipient, or its kind where there are none to
  /// be made of it. Never throws for what a report holds; what it lacks stays absent.
  ///
  /// @param report one JSON value of the request; a list is taken apart before
  /// @param deliveryId the provider's own id of the request; empty for none
  void translate(JsonNode report, String deliveryId, Translation into);
}
