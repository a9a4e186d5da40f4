package dev.fanfare.dispatcher.app;

import dev.fanfare.dispatcher.alerting.AlertFeed;
import dev.fanfare.dispatcher.alerting.AlertWatch;
import dev.fanfare.dispatcher.alerting.Alerts;
import dev.fanfare.dispatcher.config.FanfareConfig;
import dev.fanfare.dispatcher.control.KafkaDecidedWriter;
import dev.fanfare.dispatcher.egress.HttpEgress;
import dev.fanfare.dispatcher.log.LogRole;
import dev.fanfare.dispatcher.log.notify.ChannelNotifier;
import dev.fanfare.dispatcher.subscription.feed.SubscriptionFeed;
import dev.fanfare.dispatcher.subscription.sealing.SubscriptionSeal;
import dev.fanfare.schemas.serde.AvroSerdes;
import dev.fanfare.schemas.topic.Topics;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.InstantSource;

/// Puts alerts together: the table that watch and API share. For the thread that starts.
final class AlertParts {
  private final FanfareConfig config;
  private final AlertFeed feed;
  private final KafkaDecidedWriter writer;
  private final SubscriptionFeed subscriptions;
  private final Closer closer;

  AlertParts(
      FanfareConfig config,
      Topics topics,
      AvroSerdes serdes,
      SubscriptionSeal seal,
      SubscriptionFeed subscriptions,
      Closer closer) {
    this.config = config;
    this.subscriptions = subscriptions;
    this.closer = closer;
    this.feed = closer.add(AlertFeed.start(config.kafka().consumerProperties(), topics, serdes));
    this.writer =
        closer.add(
            KafkaDecidedWriter.start(
                "alerts",
                config.kafka().producerProperties(),
                topics,
                serdes,
                seal,
                config.control()));
  }

  AlertFeed feed() {
    return feed;
  }

  /// As the API asks for them.
  Alerts alerts() {
    return new Alerts(feed, writer, config.alerts(), subscriptions::stored, InstantSource.system());
  }

  /// Begins to look.
  AlertWatch watch(LogRole log, MeterRegistry meters) {
    return closer.add(
        AlertWatch.start(
            new AlertWatch.Parts(
                config.kafka().consumerProperties(),
                feed,
                log,
                writer,
                new ChannelNotifier(
                    new HttpEgress(config.egress(), Fanfare.version(), InstantSource.system()),
                    config.alerts().smtp().orElse(null),
                    InstantSource.system()),
                subscriptions::stored,
                config.alerts(),
                meters,
                InstantSource.system())));
  }
}
