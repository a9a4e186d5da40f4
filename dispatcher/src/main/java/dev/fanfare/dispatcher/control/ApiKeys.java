package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.access.AccessRole;
import dev.fanfare.dispatcher.access.AccessTable;
import dev.fanfare.dispatcher.access.KeyText;
import dev.fanfare.schemas.avro.ApiKey;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Makes, shows and revokes API keys. A key is shown once, when it is made; only its hash is kept.
/// Thread-safe.
public final class ApiKeys {
  private static final int LONGEST_DESCRIPTION = 500;

  private final AccessTable table;
  private final ControlTopic topic;
  private final InstantSource clock;
  private final Dice dice = new Dice();

  /// A key as it is asked for.
  ///
  /// @param tenant the one that it is bound to; empty for none
  /// @param expiresAt not valid from then on; empty for never
  public record Spec(
      String role,
      Optional<String> tenant,
      Optional<String> description,
      Optional<Instant> expiresAt) {}

  /// A new key. `toString` does not show it.
  ///
  /// @param text `fk_…`
  public record Issued(ApiKey key, String text) {
    @Override
    public String toString() {
      return "Issued[" + key.getId() + "]";
    }
  }

  public ApiKeys(AccessTable table, ControlTopic topic, InstantSource clock) {
    this.table = table;
    this.topic = topic;
    this.clock = clock;
  }

  public Change<Issued> create(Spec spec) {
    var problems = problems(spec);
    if (!problems.isEmpty()) {
      return new Change.Refused<>(problems);
    }
    var id = dice.keyId();
    var text = KeyText.of(id, dice.keySecret());
    var key =
        ApiKey.newBuilder()
            .setId(id)
            .setTenant(spec.tenant().orElse(null))
            .setRole(spec.role())
            .setDescription(spec.description().orElse(null))
            .setHash(ByteBuffer.wrap(KeyText.hash(text)))
            .setCreatedAt(now())
            .setExpiresAt(
                spec.expiresAt().map(it -> it.truncatedTo(ChronoUnit.MILLIS)).orElse(null))
            .build();
    return switch (topic.write(id, key)) {
      case Written.Acknowledged _ -> new Change.Done<>(new Issued(key, text));
      case Written.Failed(var why) -> new Change.Unavailable<>(why);
    };
  }

  public Optional<ApiKey> find(String id) {
    return table.key(id);
  }

  /// In the order in which they were made.
  ///
  /// @param after what the page before ended with; null for the first
  public Page<ApiKey> list(Predicate<ApiKey> wanted, @Nullable String after, int limit) {
    return Page.of(
        table.keys().stream().filter(wanted),
        it -> "%016d:%s".formatted(it.getCreatedAt().toEpochMilli(), it.getId()),
        after,
        limit);
  }

  /// From now on it opens nothing. It stays in the list, so that one can see that it was.
  public Change<ApiKey> revoke(String id) {
    var known = table.key(id);
    if (known.isEmpty()) {
      return new Change.Unknown<>();
    }
    if (known.get().getRevokedAt() != null) {
      return new Change.Done<>(known.get());
    }
    var revoked = ApiKey.newBuilder(known.get()).setRevokedAt(now()).build();
    return switch (topic.write(id, revoked)) {
      case Written.Acknowledged _ -> new Change.Done<>(revoked);
      case Written.Failed(var why) -> new Change.Unavailable<>(why);
    };
  }

  /// Everything that is wrong with a wish; empty when nothing is.
  public List<RequestProblem> problems(Spec spec) {
    var problems = new ArrayList<RequestProblem>();
    var role = AccessRole.find(spec.role());
    if (role.isEmpty()) {
      problems.add(new RequestProblem("/role", "must be admin, tenant, producer or viewer"));
    }
    if (role.equals(Optional.of(AccessRole.TENANT)) && spec.tenant().isEmpty()) {
      problems.add(new RequestProblem("/tenant", "is required for the role tenant"));
    }
    if (role.equals(Optional.of(AccessRole.ADMIN)) && spec.tenant().isPresent()) {
      problems.add(new RequestProblem("/tenant", "must not be given for the role admin"));
    }
    if (spec.tenant().filter(it -> table.tenant(it).isEmpty()).isPresent()) {
      problems.add(new RequestProblem("/tenant", "is no registered tenant; see POST /v1/tenants"));
    }
    if (spec.description().filter(it -> it.length() > LONGEST_DESCRIPTION).isPresent()) {
      problems.add(
          new RequestProblem(
              "/description", "must not be longer than " + LONGEST_DESCRIPTION + " characters"));
    }
    if (spec.expiresAt().filter(it -> !it.isAfter(now())).isPresent()) {
      problems.add(new RequestProblem("/expires_at", "must be in the future"));
    }
    return problems;
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }
}
