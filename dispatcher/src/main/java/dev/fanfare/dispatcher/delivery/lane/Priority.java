package dev.fanfare.dispatcher.delivery.lane;

/// The class of an event inside its lane: what a sender must act on goes before what is nice to
/// know. Each class keeps a share, so that none starves: with all three waiting, of 21 starts 16
/// are urgent, 4 normal and 1 is low.
public enum Priority {
  /// Complaints, unsubscribes, bounces, suppressions: acting late on them has a price.
  URGENT(1),
  /// Everything else.
  NORMAL(4),
  /// Opens and clicks: many, and of use later too.
  LOW(16);

  private final int stride;

  Priority(int stride) {
    this.stride = stride;
  }

  /// How far one start moves the class back in the order; smaller is served more often.
  int stride() {
    return stride;
  }

  public static Priority of(String eventType) {
    return switch (eventType) {
      case "email.complained",
          "email.unsubscribed",
          "email.bounced",
          "email.dropped",
          "suppression.added" ->
          URGENT;
      case "email.opened", "email.clicked", "contact.engagement_changed" -> LOW;
      default -> NORMAL;
    };
  }
}
