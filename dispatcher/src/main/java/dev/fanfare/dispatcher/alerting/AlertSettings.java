package dev.fanfare.dispatcher.alerting;

import dev.fanfare.dispatcher.log.notify.ChannelKind;
import dev.fanfare.dispatcher.log.notify.ChannelSettings;
import dev.fanfare.dispatcher.log.notify.SmtpSettings;
import java.net.URI;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// @param every how often the rules are looked at
/// @param giveUpAfter how long a channel that can't be reached is tried
/// @param dashboard where people see it; empty for no links
/// @param channels who can be told
/// @param smtp the mail server that takes e-mails
public record AlertSettings(
    Duration every,
    Duration giveUpAfter,
    Optional<URI> dashboard,
    List<ChannelSettings> channels,
    Optional<SmtpSettings> smtp) {
  /// @throws IllegalArgumentException if two channels have the same name, or there is no mail
  ///   server for an e-mail
  public AlertSettings {
    channels = List.copyOf(channels);
    if (new HashSet<>(channels.stream().map(ChannelSettings::name).toList()).size()
        != channels.size()) {
      throw new IllegalArgumentException("two channels have the same name");
    }
    if (smtp.isEmpty() && channels.stream().anyMatch(it -> it.kind() == ChannelKind.EMAIL)) {
      throw new IllegalArgumentException("smtp.host must be given where a channel is an email");
    }
  }

  /// Those that an owner's rules may name.
  ///
  /// @param owner a tenant; null for the operators
  public List<ChannelSettings> channelsOf(@Nullable String owner) {
    return channels.stream().filter(it -> it.tenant().equals(Optional.ofNullable(owner))).toList();
  }

  /// The page that shows what an alert is about.
  Optional<String> link(Optional<String> subscription) {
    return dashboard
        .map(it -> it.toString().replaceAll("/+$", ""))
        .map(it -> it + subscription.map(id -> "/endpoints/" + id).orElse("/alerts"));
  }
}
