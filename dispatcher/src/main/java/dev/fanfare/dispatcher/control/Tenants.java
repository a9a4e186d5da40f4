package dev.fanfare.dispatcher.control;

import dev.fanfare.dispatcher.access.AccessTable;
import dev.fanfare.dispatcher.access.KeyText;
import dev.fanfare.schemas.avro.ApiKey;
import dev.fanfare.schemas.avro.Tenant;
import dev.fanfare.schemas.id.TenantId;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Makes, shows, disables and removes tenants. Events and subscriptions may name tenants that
/// nobody has registered: a tenant is registered so that there can be keys for it. Thread-safe.
public final class Tenants {
  private static final int LONGEST_NAME = 200;
  private static final Set<String> STATUSES = Set.of("active", "disabled");

  private final AccessTable table;
  private final ControlTopic topic;
  private final Predicate<String> inUse;
  private final InstantSource clock;

  /// A tenant as an operator describes it.
  ///
  /// @param status `active`, or `disabled`: its keys open nothing
  public record Spec(String id, Optional<String> name, String status) {}

  /// @param inUse whether a tenant has subscriptions
  public Tenants(
      AccessTable table, ControlTopic topic, Predicate<String> inUse, InstantSource clock) {
    this.table = table;
    this.topic = topic;
    this.inUse = inUse;
    this.clock = clock;
  }

  public Change<Tenant> create(Spec spec) {
    var problems = problems(spec);
    if (!problems.isEmpty()) {
      return new Change.Refused<>(problems);
    }
    if (table.tenant(spec.id()).isPresent()) {
      return new Change.Conflict<>("there is a tenant of this id");
    }
    return write(
        Tenant.newBuilder()
            .setId(spec.id())
            .setName(spec.name().orElse(null))
            .setStatus(spec.status())
            .setCreatedAt(clock.instant().truncatedTo(ChronoUnit.MILLIS))
            .build());
  }

  /// Everything but the id, which stays.
  public Change<Tenant> update(Spec spec) {
    var known = table.tenant(spec.id());
    if (known.isEmpty()) {
      return new Change.Unknown<>();
    }
    var problems = problems(spec);
    if (!problems.isEmpty()) {
      return new Change.Refused<>(problems);
    }
    return write(
        Tenant.newBuilder(known.get())
            .setName(spec.name().orElse(null))
            .setStatus(spec.status())
            .build());
  }

  public Optional<Tenant> find(String id) {
    return table.tenant(id);
  }

  /// By id.
  ///
  /// @param only this one; null for all
  /// @param after what the page before ended with; null for the first
  public Page<Tenant> list(@Nullable String only, @Nullable String after, int limit) {
    return Page.of(
        table.tenants().stream().filter(it -> only == null || it.getId().equals(only)),
        Tenant::getId,
        after,
        limit);
  }

  /// With all its keys.
  public Change<String> remove(String id) {
    if (table.tenant(id).isEmpty()) {
      return new Change.Unknown<>();
    }
    if (inUse.test(id)) {
      return new Change.Conflict<>(
          "the tenant has subscriptions; delete them first, or disable the tenant");
    }
    var keys =
        table.keys().stream().filter(it -> id.equals(it.getTenant())).map(ApiKey::getId).toList();
    var all = new ArrayList<>(keys);
    all.add(id); // last: until then it can be asked for again
    for (var key : all) {
      if (topic.write(key, null) instanceof Written.Failed(var why)) {
        return new Change.Unavailable<>(why);
      }
    }
    return new Change.Done<>(id);
  }

  /// Everything that is wrong with a wish; empty when nothing is.
  public List<RequestProblem> problems(Spec spec) {
    var problems = new ArrayList<RequestProblem>();
    if (!TenantId.isValid(spec.id())) {
      problems.add(new RequestProblem("/id", "must be 1 to 64 characters of A-Z a-z 0-9 _ -"));
    } else if (KeyText.isId(spec.id())) {
      problems.add(new RequestProblem("/id", "must not begin as the ids of keys do"));
    }
    if (spec.name().filter(it -> it.length() > LONGEST_NAME).isPresent()) {
      problems.add(
          new RequestProblem("/name", "must not be longer than " + LONGEST_NAME + " characters"));
    }
    if (!STATUSES.contains(spec.status())) {
      problems.add(new RequestProblem("/status", "must be active or disabled"));
    }
    return problems;
  }

  private Change<Tenant> write(Tenant tenant) {
    return switch (topic.write(tenant.getId(), tenant)) {
      case Written.Acknowledged _ -> new Change.Done<>(tenant);
      case Written.Failed(var why) -> new Change.Unavailable<>(why);
    };
  }
}
