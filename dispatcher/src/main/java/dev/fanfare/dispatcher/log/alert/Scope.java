package dev.fanfare.dispatcher.log.alert;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// What a rule looks at: everything, or what one tenant or one subscription has; taken together or
/// one by one.
///
/// @param tenant only this one's
/// @param subscription only this one
public record Scope(Optional<String> tenant, Optional<String> subscription, Per per) {
  public static final Scope EACH_SUBSCRIPTION =
      new Scope(Optional.empty(), Optional.empty(), Per.SUBSCRIPTION);
  public static final Scope EVERYTHING = new Scope(Optional.empty(), Optional.empty(), Per.ALL);

  /// What is judged by itself.
  public enum Per {
    SUBSCRIPTION,
    TENANT,
    ALL;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Per> find(String word) {
      return Stream.of(values()).filter(it -> it.word().equals(word)).findFirst();
    }
  }

  /// What of this an endpoint belongs to; empty when it is not looked at.
  public Optional<Subject> subjectOf(String ofTenant, String ofSubscription) {
    boolean within =
        tenant.filter(it -> !it.equals(ofTenant)).isEmpty()
            && subscription.filter(it -> !it.equals(ofSubscription)).isEmpty();
    if (!within) {
      return Optional.empty();
    }
    return Optional.of(
        switch (per) {
          case SUBSCRIPTION -> new Subject(Optional.of(ofTenant), Optional.of(ofSubscription));
          case TENANT -> new Subject(Optional.of(ofTenant), subscription);
          case ALL -> new Subject(tenant, subscription);
        });
  }
}
