package dev.fanfare.schemas.catalogue;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.json.Version;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// A kind of event that subscriptions can ask for.
///
/// @param name e.g. `email.bounced`
/// @param description for people, one sentence
/// @param detail name of the field of `EmailEvent` with this type's own details, e.g. `bounce`
/// @param example an event of this type with made-up but likely content; ids and times are fixed
/// @param versions of its schema, the newest last; never empty
public record EventType(
    String name,
    String description,
    Optional<String> detail,
    EmailEvent example,
    List<SchemaVersion> versions) {

  /// @throws IllegalArgumentException if there is no version, or they are out of order
  public EventType {
    versions = List.copyOf(versions);
    var inOrder = versions.stream().sorted(Comparator.comparing(SchemaVersion::version)).toList();
    if (versions.isEmpty() || !inOrder.equals(versions)) {
      throw new IllegalArgumentException(name + " needs its versions in order: " + versions);
    }
  }

  public SchemaVersion newest() {
    return versions.getLast();
  }

  /// Exactly this version; empty if there is none of this number.
  public Optional<SchemaVersion> version(String number) {
    return versions.stream().filter(version -> version.number().equals(number)).findFirst();
  }

  /// What a subscription gets that pinned a version: the newest that is not above it, or the oldest
  /// if all are (the type is younger than the pin).
  ///
  /// @throws IllegalArgumentException if the pin is not written as `1.0`
  public SchemaVersion pinnedAt(String pin) {
    var highest = Version.of(pin);
    return versions.reversed().stream()
        .filter(version -> version.version().compareTo(highest) <= 0)
        .findFirst()
        .orElseGet(versions::getFirst);
  }

  @Override
  public String toString() {
    return name;
  }
}
