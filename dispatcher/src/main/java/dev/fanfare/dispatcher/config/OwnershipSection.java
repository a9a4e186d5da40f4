package dev.fanfare.dispatcher.config;

import dev.fanfare.dispatcher.control.OwnershipSettings;
import java.util.Optional;

/// The section `ownership`.
final class OwnershipSection {
  private OwnershipSection() {}

  static Optional<OwnershipSettings> read(Section section) {
    var verify = section.text("verify");
    var origin = section.optionalText("origin");
    var tenants = section.section("tenants").properties();
    return section.build(() -> new OwnershipSettings(verify, tenants, origin));
  }
}
