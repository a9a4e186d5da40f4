package dev.fanfare.dispatcher.config;

import dev.fanfare.dispatcher.alerting.AlertSettings;
import dev.fanfare.dispatcher.api.ApiSettings;
import dev.fanfare.dispatcher.cluster.KafkaSettings;
import dev.fanfare.dispatcher.cluster.TopicSettings;
import dev.fanfare.dispatcher.control.ControlSettings;
import dev.fanfare.dispatcher.control.OwnershipSettings;
import dev.fanfare.dispatcher.delivery.lane.Breaker;
import dev.fanfare.dispatcher.delivery.lane.LaneSettings;
import dev.fanfare.dispatcher.delivery.worker.DeliverySettings;
import dev.fanfare.dispatcher.egress.EgressSettings;
import dev.fanfare.dispatcher.egress.ProxySettings;
import dev.fanfare.dispatcher.fanout.Deduplication;
import dev.fanfare.dispatcher.fanout.FanoutSettings;
import dev.fanfare.dispatcher.fanout.FanoutSettings.Guarantee;
import dev.fanfare.dispatcher.ingest.IngestSettings;
import dev.fanfare.dispatcher.log.LogSettings;
import dev.fanfare.dispatcher.sealing.SealingSettings;
import dev.fanfare.dispatcher.telemetry.TracingSettings;
import dev.fanfare.retry.ladder.DelayLadder;
import dev.fanfare.retry.ladder.RetrySchedule;
import dev.fanfare.retry.ladder.Rung;
import dev.fanfare.retry.relay.RelaySettings;
import dev.fanfare.retry.replay.runner.ReplaySettings;
import dev.fanfare.schemas.serde.RegistrySettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// Everything that can be configured, checked. To add a section: its keys and comments in
/// `fanfare.default.yaml`, a method here that binds them, a component of this record.
///
/// @param roles words of `roles`, each one of [#ROLES]
/// @param instance name of this process among its likes
public record FanfareConfig(
    Set<String> roles,
    String instance,
    KafkaSettings kafka,
    RegistrySettings registry,
    TopicSettings topics,
    FanoutSettings fanout,
    DelayLadder ladder,
    RelaySettings relay,
    ReplaySettings replay,
    DeliverySettings delivery,
    EgressSettings egress,
    SealingSettings secrets,
    ControlSettings control,
    OwnershipSettings ownership,
    LogSettings log,
    IngestSettings ingest,
    AlertSettings alerts,
    TracingSettings tracing,
    ApiSettings api) {
  public static final List<String> ROLES = List.of("fanout", "deliver", "retry", "log", "api");

  private static final Duration LONGEST_SCHEDULE = Duration.ofHours(24);
  private static final Map<String, Guarantee> GUARANTEES =
      Map.of("exactly_once", Guarantee.EXACTLY_ONCE, "at_least_once", Guarantee.AT_LEAST_ONCE);
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;

  public FanfareConfig {
    roles = Set.copyOf(roles);
  }

  /// The same, with this for Kafka.
  public FanfareConfig with(KafkaSettings other) {
    return new FanfareConfig(
        roles, instance, other, registry, topics, fanout, ladder, relay, replay, delivery, egress,
        secrets, control, ownership, log, ingest, alerts, tracing, api);
  }

  /// The defaults, overridden by the file, overridden by the environment.
  ///
  /// @param environment all variables of the process
  /// @throws InvalidConfig with everything that is wrong
  public static FanfareConfig load(ConfigFile file, Map<String, String> environment) {
    return load(ConfigFile.defaults(), file, environment);
  }

  static FanfareConfig load(ConfigFile defaults, ConfigFile file, Map<String, String> environment) {
    var problems = new ArrayList<ConfigProblem>();
    var root = Section.root(defaults, file, new Environment(environment), problems);
    var roles = root.choices("roles", words(ROLES));
    var instance =
        root.optionalText("instance", FanfareConfig::checkedInstance)
            .orElseGet(() -> instance(environment));
    var kafka = kafka(root.section("kafka"));
    var registry = registry(root.section("schema_registry"));
    var topics = topics(root.section("topics"));
    var fanout = fanout(root.section("fanout"));
    var retry = root.section("retry");
    var ladder = ladder(retry);
    var schedule = schedule(retry);
    var relay = relay(retry, instance);
    var replay = replay(root.section("replay"), instance, fanout);
    var delivery = delivery(root.section("delivery"), schedule);
    var egress = egress(root.section("egress"));
    var secrets = SecretsSection.read(root.section("secrets"));
    var log = log(root.section("log"));
    var alerts = AlertSection.read(root.section("alerts"));
    var tracing = TracingSection.read(root.section("tracing"));
    var api = root.section("api");
    var control = control(api);
    var ingest = IngestSection.read(root.section("ingest"));
    var ownership = OwnershipSection.read(root.section("ownership"));
    var server = ApiSection.read(api);
    root.refuseUnknown();
    if (!problems.isEmpty()) {
      throw new InvalidConfig(problems);
    }
    return new FanfareConfig(
        Set.copyOf(roles),
        instance,
        kafka.orElseThrow(),
        registry.orElseThrow(),
        topics.orElseThrow(),
        fanout.orElseThrow(),
        ladder.orElseThrow(),
        relay.orElseThrow(),
        replay.orElseThrow(),
        delivery.orElseThrow(),
        egress.orElseThrow(),
        secrets.orElseThrow(),
        control.orElseThrow(),
        ownership.orElseThrow(),
        log.orElseThrow(),
        ingest.orElseThrow(),
        alerts.orElseThrow(),
        tracing.orElseThrow(),
        server.orElseThrow());
  }

  private static Optional<KafkaSettings> kafka(Section section) {
    var producer = section.section("producer").properties();
    var consumer = section.section("consumer").properties();
    var streams = section.section("streams").properties();
    var admin = section.section("admin").properties();
    var all = section.properties();
    return section.build(() -> new KafkaSettings(all, producer, consumer, streams, admin));
  }

  private static Optional<RegistrySettings> registry(Section section) {
    var properties = section.properties();
    return section.build(() -> new RegistrySettings(properties));
  }

  private static Optional<TopicSettings> topics(Section section) {
    var prefix = section.text("prefix");
    var input = section.text("input");
    int partitions = section.integer("partitions", 1, 10_000);
    int replicas = section.integer("replication_factor", -1, 100);
    return section.build(() -> new TopicSettings(prefix, input, partitions, replicas));
  }

  private static Optional<FanoutSettings> fanout(Section section) {
    var guarantee = section.choice("guarantee", GUARANTEES);
    var commit = section.duration("commit_interval", Duration.ofMillis(1), Duration.ofSeconds(10));
    int threads = section.integer("threads", 1, 64);
    long payload = section.size("max_payload", KIB, MIB / 2);
    var lifetime = section.duration("lifetime", Duration.ofSeconds(1), Duration.ofDays(30));
    var window = section.duration("deduplication_window", Duration.ZERO, Duration.ofHours(24));
    int remembered = section.integer("deduplication_events", 1, 1_000_000);
    return section.build(() ->
        new FanoutSettings(
            guarantee,
            commit,
            threads,
            (int) payload,
            lifetime,
            new Deduplication(window, remembered)));
  }

  private static Optional<DelayLadder> ladder(Section section) {
    var delays = section.durations("ladder");
    return section.build(() -> new DelayLadder(delays.stream().map(Rung::of).toList()));
  }

  private static Optional<RetrySchedule> schedule(Section section) {
    var waits = section.durations("schedule");
    return section.build(() -> {
      var schedule = new RetrySchedule(waits);
      if (schedule.span().compareTo(LONGEST_SCHEDULE) > 0) {
        throw new IllegalArgumentException("schedule must not be longer than 24h altogether");
      }
      return schedule;
    });
  }

  private static Optional<RelaySettings> relay(Section section, String instance) {
    int batch = section.integer("batch_records", 1, 100_000);
    long buffer = section.size("buffer", MIB, 4096 * MIB);
    var idle = section.duration("idle_poll", Duration.ofMillis(10), Duration.ofMinutes(1));
    var ahead = section.duration("look_ahead", Duration.ZERO, Duration.ofMinutes(1));
    var interval = section.duration("transfer_interval", Duration.ZERO, Duration.ofSeconds(1));
    var close = section.duration("close_timeout", Duration.ofSeconds(1), Duration.ofMinutes(5));
    return section.build(
        () -> new RelaySettings(instance, batch, buffer, idle, ahead, interval, close));
  }

  /// @param fanout whose lifetime a replayed delivery has too; empty when it is wrong, which is
  ///   said already
  private static Optional<ReplaySettings> replay(
      Section section, String instance, Optional<FanoutSettings> fanout) {
    int rate = section.integer("rate", 1, 100_000);
    int jobs = section.integer("jobs", 1, 64);
    var count = section.duration("count_within", Duration.ofSeconds(1), Duration.ofMinutes(10));
    var keep = section.duration("keep", Duration.ofHours(1), Duration.ofDays(365));
    var lifetime = fanout.map(FanoutSettings::lifetime).orElse(Duration.ofHours(24));
    return section.build(() -> new ReplaySettings(instance, rate, jobs, lifetime, count, keep));
  }

  /// @param schedule empty when it is wrong, which is said already
  private static Optional<DeliverySettings> delivery(
      Section section, Optional<RetrySchedule> schedule) {
    int workers = section.integer("workers", 1, 64);
    long memory = section.size("memory", MIB, 4096 * MIB);
    var settle = section.duration("settle_every", Duration.ZERO, Duration.ofSeconds(5));
    var drain = section.duration("drain", Duration.ofMillis(1), Duration.ofMinutes(2));
    var timeout =
        section.duration(
            "timeout", EgressSettings.SHORTEST_TIMEOUT, EgressSettings.LONGEST_TIMEOUT);
    var lane = lane(section);
    return section.build(() ->
        new DeliverySettings(
            workers,
            memory,
            settle,
            drain,
            timeout,
            schedule.orElse(RetrySchedule.DEFAULT),
            lane.orElse(LaneSettings.DEFAULT)));
  }

  private static Optional<LaneSettings> lane(Section section) {
    int concurrency = section.integer("max_concurrency", 1, 10_000);
    var patience = section.duration("patience", Duration.ofMillis(1), Duration.ofMinutes(10));
    int queue = section.integer("queue", 1, 1_000_000);
    int volume = section.integer("breaker_volume", 1, Long.SIZE);
    int percent = section.integer("breaker_failure_percent", 1, 100);
    var shortest =
        section.duration("breaker_shortest", Duration.ofMillis(1), Duration.ofMinutes(10));
    var longest = section.duration("breaker_longest", Duration.ofMillis(1), Duration.ofHours(1));
    var giveUp = section.duration("disable_after", Duration.ofMinutes(5), Duration.ofDays(366));
    return section.build(() ->
        new LaneSettings(
            concurrency,
            patience,
            queue,
            Breaker.Policy.of(volume, percent / 100.0, shortest, longest),
            giveUp));
  }

  private static Optional<EgressSettings> egress(Section section) {
    var connect =
        section.duration("connect_timeout", Duration.ofMillis(1), EgressSettings.LONGEST_TIMEOUT);
    long read = section.size("read_bytes", 0, MIB);
    long kept = section.size("kept_bytes", 0, 4 * KIB);
    boolean http = section.flag("allow_http");
    var networks = section.texts("allowed_networks");
    int pools = section.integer("pools", 1, 100_000);
    int connections = section.integer("idle_connections", 0, 1_000);
    var idle = section.duration("idle", Duration.ofMillis(1), Duration.ofMinutes(10));
    var proxy = proxy(section);
    return section.build(() ->
        new EgressSettings(
            connect,
            (int) read,
            (int) kept,
            http,
            networks,
            new EgressSettings.Pools(pools, connections, idle),
            proxy.get()));
  }

  /// Made when the section is: what is wrong with it is said there.
  private static Supplier<Optional<ProxySettings>> proxy(Section section) {
    var place = section.optionalText("proxy");
    var user = section.optionalText("proxy_user");
    var password = section.optionalText("proxy_password");
    var direct = section.texts("proxy_except");
    return () -> {
      if (place.isEmpty() && (user.isPresent() || password.isPresent() || !direct.isEmpty())) {
        throw new IllegalArgumentException(
            "proxy must be given where proxy_user, proxy_password or proxy_except is");
      }
      return place.map(text -> ProxySettings.parse(text, user, password, direct));
    };
  }

  private static Optional<LogSettings> log(Section section) {
    var directory = section.optionalText("directory", FanfareConfig::path);
    var retention = section.duration("retention", Duration.ofMinutes(1), Duration.ofDays(3650));
    long bytes = section.size("max_bytes", MIB, 1L << 50);
    var statistics =
        section.duration("statistics_retention", Duration.ofHours(1), Duration.ofDays(366));
    int threads = section.integer("threads", 1, 64);
    var commit = section.duration("commit_interval", Duration.ofMillis(10), Duration.ofSeconds(5));
    int standbys = section.integer("standby_replicas", 0, 10);
    long memory = section.size("memory", 8 * MIB, 1L << 40);
    var advertised = section.optionalText("advertised");
    var key = section.optionalText("peer_key");
    var recipients = section.texts("redact_recipients");
    var bodies = section.texts("redact_bodies");
    int readers = section.integer("stream_readers", 1, 10_000);
    var balance = section.duration("ledger_interval", Duration.ofMillis(100), Duration.ofHours(1));
    return section.build(() ->
        new LogSettings(
            Path.of(directory.orElse(".")),
            retention,
            bytes,
            statistics,
            threads,
            commit,
            standbys,
            memory,
            new LogSettings.Peering(advertised, key),
            new LogSettings.Privacy(Set.copyOf(recipients), Set.copyOf(bodies)),
            readers,
            balance));
  }

  static String path(String text) {
    if (text.isBlank() || text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("must be a path");
    }
    return text;
  }

  private static Optional<ControlSettings> control(Section section) {
    var timeout = section.duration("write_timeout", Duration.ofSeconds(1), Duration.ofMinutes(1));
    return section.build(() -> new ControlSettings(timeout));
  }

  private static Map<String, String> words(List<String> words) {
    return words.stream()
        .collect(
            Collectors.toMap(
                Function.identity(), Function.identity(), (one, _) -> one, LinkedHashMap::new));
  }

  private static String checkedInstance(String name) {
    if (!name.matches("[A-Za-z0-9._-]{1,100}")) {
      throw new IllegalArgumentException("must be 1 to 100 characters of A-Z a-z 0-9 . _ -");
    }
    return name;
  }

  /// Host and process: not taken by anybody else now, and in a container the same after a restart.
  private static String instance(Map<String, String> environment) {
    var host = environment.getOrDefault("HOSTNAME", "host").replaceAll("[^A-Za-z0-9._-]", "-");
    var shown = host.isEmpty() ? "host" : host.substring(0, Math.min(host.length(), 80));
    return shown + "-" + ProcessHandle.current().pid();
  }
}
