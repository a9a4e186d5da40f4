package dev.fanfare.dispatcher.api.exchange;

import static dev.fanfare.dispatcher.access.AccessRole.ADMIN;
import static dev.fanfare.dispatcher.access.AccessRole.PRODUCER;
import static dev.fanfare.dispatcher.access.AccessRole.TENANT;
import static dev.fanfare.dispatcher.access.AccessRole.VIEWER;

import dev.fanfare.dispatcher.access.AccessRole;
import dev.fanfare.dispatcher.access.Caller;
import java.util.Set;

/// Who may use a route. Whoever is not named may not. What a caller sees of what it may use is
/// narrowed to its own tenant by each resource ([Call#caller]).
public enum Access {
  /// Anybody who reaches the server, without a key.
  OPEN(Set.of()),
  /// Operators.
  ADMINS(Set.of(ADMIN)),
  /// Who runs this process or watches all of it: no key of a tenant.
  OPERATIONS(Set.of(ADMIN, VIEWER)),
  /// Who may change a tenant's things.
  OWNERS(Set.of(ADMIN, TENANT)),
  /// Who may look at a tenant's things.
  READERS(Set.of(ADMIN, TENANT, VIEWER)),
  /// Who may hand in events.
  PRODUCERS(Set.of(ADMIN, PRODUCER)),
  /// Whoever has a key.
  ANY_KEY(Set.of(AccessRole.values()));

  @SuppressWarnings("ImmutableEnumChecker") // a copy that nobody can change
  private final Set<AccessRole> roles;

  Access(Set<AccessRole> roles) {
    this.roles = Set.copyOf(roles);
  }

  /// Empty where no key is asked for.
  public Set<AccessRole> roles() {
    return roles;
  }

  public boolean needsKey() {
    return this != OPEN;
  }

  public boolean allows(Caller caller) {
    return this == OPEN
        || (roles.contains(caller.role()) && (this != OPERATIONS || caller.tenant().isEmpty()));
  }
}
