package dev.fanfare.dispatcher.app;

import dev.fanfare.dispatcher.access.feed.AccessFeed;
import dev.fanfare.dispatcher.api.ApiServer;
import dev.fanfare.dispatcher.api.Component;
import dev.fanfare.dispatcher.api.Component.State;
import dev.fanfare.dispatcher.api.Routes;
import dev.fanfare.dispatcher.api.history.LogRoutes;
import dev.fanfare.dispatcher.cluster.UnusableCluster;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.config.InvalidConfig;
import dev.fanfare.dispatcher.console.ConsoleRoutes;
import dev.fanfare.dispatcher.control.ApiKeys;
import dev.fanfare.dispatcher.control.ControlTopic;
import dev.fanfare.dispatcher.control.EndpointTrial;
import dev.fanfare.dispatcher.control.EventIntake;
import dev.fanfare.dispatcher.control.FilterPreview;
import dev.fanfare.dispatcher.control.KafkaDecidedWriter;
import dev.fanfare.dispatcher.control.KafkaRecentEvents;
import dev.fanfare.dispatcher.control.KafkaRecordWriter;
import dev.fanfare.dispatcher.control.RecentEvents;
import dev.fanfare.dispatcher.control.Resealing;
import dev.fanfare.dispatcher.control.Subscriptions;
import dev.fanfare.dispatcher.control.Tenants;
import dev.fanfare.dispatcher.delivery.worker.DeliveryWorker;
import dev.fanfare.dispatcher.egress.GuardedGet;
import dev.fanfare.dispatcher.egress.HttpEgress;
import dev.fanfare.dispatcher.fanout.FanoutRole;
import dev.fanfare.dispatcher.ingest.Ingest;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.dispatcher.subscription.feed.FeedSettings;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionFeed;
import dev.fanfare.dispatcher.subscription.reading.SubscriptionReader;
import dev.fanfare.dispatcher.subscription.sealing.SubscriptionSeal;
import dev.fanfare.dispatcher.telemetry.SpanExport;
import dev.fanfare.dispatcher.telemetry.Spans;
import dev.fanfare.retry.relay.DelayRelay;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.payload.EventReader;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.serde.RegistryCheck;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A running dispatcher, whatever its roles. Closing it lets what is under way come to an end, the
/// last started first.
///
/// ```
/// meters → topics → registry → subscriptions → fanout, deliver, retry, log → keys → HTTP
/// ```
public final class Fanfare implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Fanfare.class);

  private final Closer closer;
  private final ApiServer server;

  private Fanfare(Closer closer, ApiServer server) {
    this.closer = closer;
    this.server = server;
  }

  /// The roles that the configuration names.
  public static Fanfare start(FanfareConfig config) {
    return start(
        config,
        config.roles().stream()
            .flatMap(word -> Role.find(word).stream())
            .collect(Collectors.toSet()));
  }

  /// Returns when everything has started; what had started is closed again when something can't.
  ///
  /// @throws InvalidConfig if the API would be open to anybody, or secrets would
  /// @throws UnusableCluster if Kafka or the registry can't be reached or is unfit
  /// @throws java.io.UncheckedIOException if the HTTP port can't be had
  public static Fanfare start(FanfareConfig config, Set<Role> roles) {
    Guards.requireKey(config, roles);
    var seal = Guards.seal(config);
    var closer = new Closer();
    try {
      var meters = closer.add(Meters.start());
      return new Start(meters.telling(config), roles, seal, closer).run(meters.registry());
    } catch (Throwable e) {
      closer.close();
      throw e;
    }
  }

  /// The port of the HTTP server.
  public int port() {
    return server.port();
  }

  /// Everything that it answers over HTTP.
  public Routes routes() {
    return server.routes();
  }

  @Override
  public void close() {
    closer.close();
  }

  /// What the jar's manifest says, for `user-agent`.
  static String version() {
    var version = Fanfare.class.getPackage().getImplementationVersion();
    return version == null ? "unpackaged" : version;
  }

  /// One start: what the steps share while they run.
  private static final class Start {
    private final FanfareConfig config;
    private final Set<Role> roles;
    private final SubscriptionSeal seal;
    private final Closer closer;
    private final Topics topics;
    private final AvroSerdes serdes;
    private final EventCatalogue catalogue = EventCatalogue.standard();
    private final List<Component> components = new ArrayList<>();

    Start(FanfareConfig config, Set<Role> roles, SubscriptionSeal seal, Closer closer) {
      this.config = config;
      this.roles = roles;
      this.seal = seal;
      this.closer = closer;
      this.topics = config.topics().topics();
      this.serdes = new AvroSerdes(config.registry());
    }

    Fanfare run(PrometheusMeterRegistry meters) {
      Guards.requireCluster(config, roles);
      requireRegistry();
      var feed = startFeed(meters);
      if (roles.contains(Role.FANOUT)) {
        startFanout(feed, meters);
      }
      if (roles.contains(Role.DELIVER)) {
        startDelivery(feed, meters);
      }
      if (roles.contains(Role.RETRY)) {
        startRelay(meters);
      }
      var log =
          roles.contains(Role.LOG) ? Optional.of(prepareLog(meters)) : Optional.<LogRole>empty();
      var replays = new ReplayParts(config, topics, serdes, catalogue, feed, closer);
      log.ifPresent(replays::ask);
      if (roles.contains(Role.RETRY)) {
        startReplays(replays, meters);
      }
      var alerts = startAlerts(feed);
      var server = startServer(feed, replays, alerts, startAccess(meters), log, meters);
      log.ifPresent(it -> beginLog(it, server.port()));
      if (log.isPresent() && alerts.isPresent()) {
        var watch = alerts.get().watch(log.get(), meters);
        ready("alerts", () -> watch.trouble().map(State::notReady).orElse(State.READY));
      }
      LOG.info("started: {}", roles.stream().map(Role::word).sorted().toList());
      return new Fanfare(closer, server);
    }

    private void requireRegistry() {
      RegistryCheck.problem(config.registry(), topics.events().name())
          .ifPresent(problem -> {
            throw new UnusableCluster(problem);
          });
    }

    private SubscriptionFeed startFeed(PrometheusMeterRegistry meters) {
      var feed =
          closer.add(
              SubscriptionFeed.start(
                  config.kafka().consumerProperties(),
                  topics,
                  serdes,
                  FeedSettings.DEFAULT.with(seal),
                  meters));
      ready("subscriptions", () -> Readiness.of(feed.health()));
      return feed;
    }

    private AccessFeed startAccess(PrometheusMeterRegistry meters) {
      var access =
          closer.add(AccessFeed.start(config.kafka().consumerProperties(), topics, serdes, meters));
      ready("access", () -> Readiness.of(access.health()));
      return access;
    }

    private void startFanout(SubscriptionFeed feed, PrometheusMeterRegistry meters) {
      var fanout =
          closer.add(
              FanoutRole.start(
                  config.kafka().streamsProperties(),
                  topics,
                  serdes,
                  feed,
                  config.fanout(),
                  meters));
      ready("fanout", () -> Readiness.of(fanout.health()));
    }

    private void startDelivery(SubscriptionFeed feed, PrometheusMeterRegistry meters) {
      var clock = InstantSource.system();
      var spans = SpanExport.start(config.tracing(), meters).map(closer::add);
      var egress = closer.add(new HttpEgress(config.egress(), version(), clock));
      for (int i = 0; i < config.delivery().workers(); i++) {
        var worker =
            closer.add(
                DeliveryWorker.start(
                    new DeliveryWorker.Parts(
                        config.instance() + "-" + i,
                        config.kafka().consumerProperties(),
                        config.kafka().producerProperties(),
                        topics,
                        config.ladder(),
                        serdes,
                        feed,
                        egress,
                        config.delivery(),
                        meters,
                        spans.<Spans>map(it -> it).orElse(Spans.NONE),
                        clock)));
        ready("delivery-" + i, () -> worker.trouble().map(State::notReady).orElse(State.READY));
      }
    }

    private void startRelay(PrometheusMeterRegistry meters) {
      var relay =
          closer.add(
              DelayRelay.start(
                  config.relay(),
                  config.kafka().commonProperties(),
                  topics,
                  config.ladder(),
                  meters));
      ready("retry", () -> Readiness.of(relay.health()));
    }

    private LogRole prepareLog(PrometheusMeterRegistry meters) {
      var log =
          closer.add(
              LogRole.of(
                  new LogRole.Parts(
                      config.kafka().streamsProperties(),
                      config.kafka().consumerProperties(),
                      topics,
                      LogPlace.rungs(config.ladder(), topics),
                      serdes,
                      config.log(),
                      LogPlace.peerKey(config),
                      meters)));
      ready("log", () -> Readiness.of(log.health()));
      return log;
    }

    private void beginLog(LogRole log, int port) {
      var self = LogPlace.self(config, port);
      try {
        log.begin(self.getHostString(), self.getPort());
      } catch (IllegalArgumentException e) {
        throw new UnusableCluster(String.valueOf(e.getMessage()));
      }
    }

    /// What the API shows, and the log's instances watch.
    private Optional<AlertParts> startAlerts(SubscriptionFeed feed) {
      if (!roles.contains(Role.API) && !roles.contains(Role.LOG)) {
        return Optional.empty();
      }
      var alerts = new AlertParts(config, topics, serdes, seal, feed, closer);
      ready("alert-rules", () -> Readiness.of(alerts.feed().health()));
      return Optional.of(alerts);
    }

    private void startReplays(ReplayParts replays, PrometheusMeterRegistry meters) {
      var runner = replays.startRunner(meters);
      ready(
          "replays",
          () -> runner.trouble().or(replays::trouble).map(State::notReady).orElse(State.READY));
    }

    private ApiServer startServer(
        SubscriptionFeed feed,
        ReplayParts replays,
        Optional<AlertParts> alerts,
        AccessFeed access,
        Optional<LogRole> log,
        PrometheusMeterRegistry meters) {
      var routes = Routes.operations(config.api(), meters, components);
      if (log.isPresent()) {
        var key = LogPlace.peerKey(config);
        if (key.isPresent()) {
          routes = routes.and(new Routes(LogRoutes.peers(log.get(), key.get())));
        }
        if (roles.contains(Role.API)) {
          routes = routes.and(new Routes(LogRoutes.rest(log.get())));
        }
      }
      if (roles.contains(Role.API) && alerts.isPresent()) {
        routes = routes.and(Routes.alerts(alerts.get().alerts()));
      }
      return closer.add(
          ApiServer.start(
              config.api(),
              roles.contains(Role.API)
                  ? rest(feed, replays, access, meters).and(routes).and(ConsoleRoutes.load())
                  : routes,
              access,
              meters));
    }

    private Routes rest(
        SubscriptionFeed feed,
        ReplayParts replays,
        AccessFeed access,
        PrometheusMeterRegistry meters) {
      var writer =
          closer.add(
              KafkaRecordWriter.start(
                  config.kafka().producerProperties(), topics, serdes, seal, config.control()));
      var clock = InstantSource.system();
      var known = new FeedSubscriptions(feed);
      var decided =
          closer.add(
              KafkaDecidedWriter.start(
                  "control",
                  config.kafka().producerProperties(),
                  topics,
                  serdes,
                  seal,
                  config.control()));
      var subscriptions =
          new Subscriptions(
              known,
              new ControlTopic(topics.subscriptions().name(), writer, known),
              decided,
              new Subscriptions.Rules(
                  new SubscriptionReader(config.egress().allowHttp()),
                  config.egress().policy(),
                  catalogue,
                  config.ownership()),
              clock);
      var intake =
          new EventIntake(new EventReader(catalogue), writer, topics.events().name(), clock);
      var tenants = new ControlTopic(topics.tenants().name(), writer, access);
      var fetch = closer.add(new GuardedGet(config.egress()));
      var ownership = OwnershipParts.ownership(config, known, subscriptions, closer, version());
      return Routes.rest(config.api(), subscriptions, ownership, intake, catalogue)
          .and(Routes.trials(subscriptions, trial(known, clock)))
          .and(Routes.previews(new FilterPreview(subscriptions, recent())))
          .and(Routes.sealing(new Resealing(known, topics.subscriptions().name(), decided)))
          .and(
              Routes.ingest(
                  config.api(), new Ingest(config.ingest(), intake, fetch, meters, clock)))
          .and(
              Routes.access(
                  config.api(),
                  new Tenants(access, tenants, subscriptions::exist, clock),
                  new ApiKeys(access, tenants, clock)))
          .and(Routes.replays(config.api(), replays.control(known, writer)));
    }

    private RecentEvents recent() {
      return KafkaRecentEvents.of(
          config.kafka().consumerProperties(), topics.events().name(), serdes);
    }

    private EndpointTrial trial(FeedSubscriptions known, InstantSource clock) {
      return new EndpointTrial(
          known,
          FeedSettings.DEFAULT.reader(),
          catalogue,
          closer.add(new HttpEgress(config.egress(), version(), clock)),
          config.delivery().timeout(),
          clock);
    }

    private void ready(String name, Supplier<State> state) {
      components.add(new Component(name, state));
    }
  }
}
