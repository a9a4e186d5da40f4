package dev.fanfare.dispatcher.log.alert;

import java.util.Optional;

/// What an alert is about: a subscription, a tenant, or, with neither, all of it.
public record Subject(Optional<String> tenant, Optional<String> subscription) {
  public static final Subject ALL = new Subject(Optional.empty(), Optional.empty());
}
