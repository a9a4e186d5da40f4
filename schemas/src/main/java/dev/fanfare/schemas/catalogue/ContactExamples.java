package dev.fanfare.schemas.catalogue;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.Engagement;
import dev.fanfare.schemas.avro.Suppression;
import dev.fanfare.schemas.avro.Unsubscribe;

/// Examples of what changes between a sender and a contact.
final class ContactExamples {
  private static final String READER = "lea.martin@customer.example";
  private static final String GONE = "no.longer.here@customer.example";

  private ContactExamples() {}

  static EmailEvent.Builder ofContact(String type) {
    return switch (type) {
      case "email.unsubscribed" ->
          Examples.newsletter("5e0c7a52b7f44c2d9d30", READER, 3_600_000)
              .setUnsubscribe(unsubscribe("one_click"));
      case "email.resubscribed" ->
          Examples.newsletter("5e0c7a52b7f44c2d9d31", READER, 86_400_000)
              .setUnsubscribe(unsubscribe("preference_centre"));
      case "contact.engagement_changed" ->
          Examples.newsletter("5e0c7a52b7f44c2d9d32", READER, 90_000_000)
              .setEngagement(
                  Engagement.newBuilder()
                      .setPrevious("active")
                      .setCurrent("at_risk")
                      .setScore(0.35)
                      .setReason("no_open")
                      .setWindowDays(30)
                      .build());
      case "suppression.added" ->
          Examples.newsletter("5e0c7a52b7f44c2d9d33", GONE, 3_950)
              .setSuppression(
                  Suppression.newBuilder()
                      .setReason("bounce")
                      .setSource("bounce-processor")
                      .setExpiresAt(Examples.time(7_776_000_000L))
                      .build());
      case "suppression.removed" ->
          Examples.newsletter("5e0c7a52b7f44c2d9d34", GONE, 604_800_000)
              .setSuppression(
                  Suppression.newBuilder().setReason("manual").setSource("api").build());
      default -> throw new IllegalStateException("no example for " + type);
    };
  }

  private static Unsubscribe unsubscribe(String method) {
    return Unsubscribe.newBuilder()
        .setScope("list")
        .setListId("northwind-weekly")
        .setMethod(method)
        .build();
  }
}
