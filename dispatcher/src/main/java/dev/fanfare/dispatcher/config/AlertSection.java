package dev.fanfare.dispatcher.config;

import dev.fanfare.dispatcher.alerting.AlertSettings;
import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.log.notify.ChannelKind;
import dev.fanfare.dispatcher.log.notify.ChannelSettings;
import dev.fanfare.dispatcher.log.notify.SmtpSettings;
import dev.fanfare.schemas.id.TenantId;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Binds the section `alerts`.
final class AlertSection {
  private AlertSection() {}

  static Optional<AlertSettings> read(Section section) {
    var every = section.duration("every", Duration.ofMillis(100), Duration.ofMinutes(10));
    var giveUp = section.duration("give_up_after", Duration.ofSeconds(1), Duration.ofDays(1));
    var dashboard = section.optionalText("dashboard", AlertSection::address);
    var server = section.section("smtp");
    var smtp = server.build(smtp(server)).flatMap(Function.identity());
    var channels = new ArrayList<ChannelSettings>();
    section
        .named("channels", "kind", "target", "secret", "tenant")
        .forEach((name, channel) -> {
          var kind = channel.required("kind", AlertSection::kind);
          var target = channel.required("target", Function.identity());
          var secret = channel.optionalText("secret").map(AlertSection::secret);
          var tenant = channel.optionalText("tenant", it -> new TenantId(it).value());
          if (kind.isPresent() && target.isPresent()) {
            channel
                .build(() ->
                    new ChannelSettings(
                        name, kind.get(), tenant, target.get(), secret.map(Supplier::get)))
                .ifPresent(channels::add);
          }
        });
    return section.build(
        () -> new AlertSettings(every, giveUp, dashboard.map(URI::create), channels, smtp));
  }

  /// Made when the section is: what is wrong with it is said there.
  private static Supplier<Optional<SmtpSettings>> smtp(Section section) {
    var host = section.optionalText("host");
    int port = section.integer("port", 1, 65_535);
    var tls = section.choice("tls", choices());
    var user = section.optionalText("user");
    var password = section.optionalText("password");
    var from = section.optionalText("from");
    var timeout = section.duration("timeout", Duration.ofMillis(100), Duration.ofMinutes(1));
    return () -> {
      if (host.isEmpty()) {
        if (user.isPresent() || password.isPresent() || from.isPresent()) {
          throw new IllegalArgumentException("host must be given where user, password or from is");
        }
        return Optional.empty();
      }
      if (user.isPresent() != password.isPresent()) {
        throw new IllegalArgumentException("user and password belong together");
      }
      if (from.isEmpty()) {
        throw new IllegalArgumentException("from must be given where host is");
      }
      return Optional.of(
          new SmtpSettings(
              host.get(),
              port,
              tls,
              user.map(it -> new SmtpSettings.Login(it, password.orElseThrow())),
              from.get(),
              timeout));
    };
  }

  private static Map<String, SmtpSettings.Tls> choices() {
    var choices = new LinkedHashMap<String, SmtpSettings.Tls>();
    for (var each : SmtpSettings.Tls.values()) {
      choices.put(each.word(), each);
    }
    return choices;
  }

  /// Read when the channel is made, so that what is wrong is said there.
  private static Supplier<Secret> secret(String text) {
    return () -> {
      try {
        return Secret.parse(text);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("secret: " + e.getMessage(), e);
      }
    };
  }

  private static ChannelKind kind(String word) {
    return ChannelKind.find(word)
        .orElseThrow(() -> new IllegalArgumentException("must be webhook, email or chat"));
  }

  private static String address(String text) {
    var address = URI.create(text);
    if (address.getHost() == null || !String.valueOf(address.getScheme()).matches("https?")) {
      throw new IllegalArgumentException("must be an address such as https://fanfare.example.com");
    }
    return text;
  }
}
