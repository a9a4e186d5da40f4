package dev.fanfare.dispatcher.control;

import static dev.fanfare.dispatcher.subscription.reading.ProvenEndpoint.CHALLENGE;
import static dev.fanfare.dispatcher.subscription.reading.ProvenEndpoint.HANDSHAKE;
import static dev.fanfare.dispatcher.subscription.reading.ProvenEndpoint.NONE;

import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What an endpoint must show before anything is sent to it.
///
/// @param verify `none`, `handshake` or `challenge`, of all tenants that are not named
/// @param tenants the same of tenants by id
/// @param origin the name by which the handshake introduces us; empty if there is no handshake
public record OwnershipSettings(
    String verify, Map<String, String> tenants, Optional<String> origin) {
  static final Set<String> METHODS = Set.of(NONE, HANDSHAKE, CHALLENGE);

  /// @throws IllegalArgumentException if a word is none of these, or a handshake has no origin
  public OwnershipSettings {
    tenants = Map.copyOf(tenants);
    if (!METHODS.contains(verify) || !METHODS.containsAll(tenants.values())) {
      throw new IllegalArgumentException("verify must be none, handshake or challenge");
    }
    if (origin.isPresent() && !origin.get().matches("[A-Za-z0-9.-]{1,253}")) {
      throw new IllegalArgumentException("origin must be a DNS name such as hooks.example.com");
    }
    boolean shakes = verify.equals(HANDSHAKE) || tenants.containsValue(HANDSHAKE);
    if (shakes && origin.isEmpty()) {
      throw new IllegalArgumentException("origin must be given where verify is handshake");
    }
  }

  /// The least that is asked of a tenant's endpoints.
  String required(String tenant) {
    return tenants.getOrDefault(tenant, verify);
  }

  /// What is asked of this one: what its owner wants, or what has to be.
  String method(SubscriptionSpec spec) {
    return spec.verify().equals(NONE) ? required(spec.tenant()) : spec.verify();
  }

  /// Why the wish can't be met; empty when it can.
  Optional<String> problem(SubscriptionSpec spec) {
    var required = required(spec.tenant());
    if (!METHODS.contains(spec.verify())) {
      return Optional.of("must be none, handshake or challenge");
    }
    if (!required.equals(NONE) && !method(spec).equals(required)) {
      return Optional.of("must be " + required + " here");
    }
    return spec.verify().equals(HANDSHAKE) && origin.isEmpty()
        ? Optional.of("can't be handshake here: the configuration names no ownership.origin")
        : Optional.empty();
  }
}
