package dev.fanfare.dispatcher.alerting;

import dev.fanfare.dispatcher.log.alert.Subject;
import dev.fanfare.schemas.avro.Subscription;
import java.net.URI;
import java.util.Optional;
import java.util.function.Function;

/// What people call what an alert is about. Thread-safe.
///
/// @param stored a subscription's record
record Names(Function<String, Optional<Subscription>> stored) {
  private static final int LONGEST = 80;

  String of(Subject subject) {
    return subject
        .subscription()
        .map(id -> stored.apply(id).map(Names::of).orElse(id))
        .or(() -> subject.tenant().map(it -> "tenant " + it))
        .orElse("all endpoints");
  }

  private static String of(Subscription subscription) {
    var description = subscription.getDescription();
    var name = description == null || description.isBlank() ? host(subscription) : description;
    var line = name.replaceAll("[\\p{Cntrl}\\p{Zl}\\p{Zp}]+", " ").strip();
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST - 1) + "…";
  }

  private static String host(Subscription subscription) {
    try {
      return Optional.ofNullable(URI.create(subscription.getUrl()).getHost())
          .orElse(subscription.getId());
    } catch (IllegalArgumentException e) {
      return subscription.getId();
    }
  }

  Optional<String> tenantOf(String id) {
    return stored.apply(id).map(Subscription::getTenant);
  }
}
