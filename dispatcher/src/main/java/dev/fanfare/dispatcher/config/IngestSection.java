package dev.fanfare.dispatcher.config;

import dev.fanfare.dispatcher.ingest.IngestSettings;
import dev.fanfare.dispatcher.ingest.SourceSettings;
import dev.fanfare.dispatcher.ingest.adapter.Provider;
import dev.fanfare.schemas.id.TenantId;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Binds `ingest`.
final class IngestSection {
  private IngestSection() {}

  static Optional<IngestSettings> read(Section section) {
    var sources = new ArrayList<SourceSettings>();
    section
        .named("sources", "provider", "tenant", "key")
        .forEach((name, source) -> {
          var provider = source.required("provider", IngestSection::provider);
          var tenant = source.required("tenant", TenantId::new);
          var key = source.required("key", Function.identity());
          if (provider.isPresent() && tenant.isPresent() && key.isPresent()) {
            source
                .build(() -> new SourceSettings(name, provider.get(), tenant.get(), key.get()))
                .ifPresent(sources::add);
          }
        });
    return section.build(() -> new IngestSettings(sources));
  }

  private static Provider provider(String word) {
    return Provider.find(word)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "must be one of "
                    + Stream.of(Provider.values())
                        .map(Provider::word)
                        .collect(Collectors.joining(", "))));
  }
}
