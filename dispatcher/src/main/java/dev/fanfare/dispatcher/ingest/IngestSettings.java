package dev.fanfare.dispatcher.ingest;

import dev.fanfare.dispatcher.ingest.adapter.Provider;
import java.util.List;
import java.util.Optional;

/// Which providers are listened to.
///
/// @param sources by names that differ
public record IngestSettings(List<SourceSettings> sources) {
  public static final IngestSettings NONE = new IngestSettings(List.of());

  /// @throws IllegalArgumentException if two have one name
  public IngestSettings {
    sources = List.copyOf(sources);
    if (sources.stream().map(SourceSettings::name).distinct().count() < sources.size()) {
      throw new IllegalArgumentException("two sources have the same name");
    }
  }

  /// The source that a request means.
  ///
  /// @param name empty when the request names none, which will do if the provider has one only
  Optional<SourceSettings> find(Provider provider, String name) {
    var candidates =
        sources.stream()
            .filter(it -> it.provider() == provider)
            .filter(it -> name.isEmpty() || it.name().equals(name))
            .toList();
    return candidates.size() == 1 ? Optional.of(candidates.getFirst()) : Optional.empty();
  }
}
