package dev.fanfare.dispatcher.log.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.fanfare.dispatcher.egress.Egress;
import dev.fanfare.dispatcher.egress.Post;
import dev.fanfare.dispatcher.egress.Reply;
import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import java.net.URI;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Tells by POST, through the same guarded way out as every delivery, or by e-mail. Thread-safe.
public final class ChannelNotifier implements Notifier {
  private static final Duration TIMEOUT = Duration.ofSeconds(15);
  private static final int SECRET_BYTES = 32;

  private final Egress egress;
  private final Optional<EmailSender> mail;

  /// What is posted to a chat is signed like everything that leaves, with a key that nobody knows.
  private final SigningKeys nobodys;

  /// @param egress closed with this
  /// @param smtp null when there is no mail server
  public ChannelNotifier(Egress egress, @Nullable SmtpSettings smtp, InstantSource clock) {
    this.egress = egress;
    this.mail = Optional.ofNullable(smtp).map(it -> new EmailSender(it, clock));
    var bytes = new byte[SECRET_BYTES];
    new SecureRandom().nextBytes(bytes);
    this.nobodys = new SigningKeys(List.of(Secret.of("hmac", ByteBuffer.wrap(bytes))));
  }

  @Override
  public Told tell(ChannelSettings channel, Notice notice) {
    return switch (channel.kind()) {
      case WEBHOOK -> post(channel, notice, NoticeJson.webhook(notice));
      case CHAT -> post(channel, notice, NoticeJson.chat(notice));
      case EMAIL ->
          mail.map(it -> it.send(channel.target(), notice))
              .orElseGet(() -> new Told.Refused("no mail server is configured; see alerts.smtp"));
    };
  }

  private Told post(ChannelSettings channel, Notice notice, String body) {
    return told(
        egress.post(
            new Post(
                "alerts-" + channel.name(),
                URI.create(channel.target()),
                notice.id(),
                notice.attempt(),
                ByteBuffer.wrap(body.getBytes(UTF_8)),
                "application/json",
                Map.of(),
                channel.secret().map(it -> new SigningKeys(List.of(it))).orElse(nobodys),
                Optional.empty(),
                TIMEOUT,
                Optional.empty())));
  }

  /// A target may be a secret, so nothing of it is said.
  private static Told told(Reply reply) {
    return switch (reply) {
      case Reply.Answered answered when answered.status() / 100 == 2 -> new Told.Sent();
      case Reply.Answered answered when mayChange(answered.status()) ->
          new Told.Failed("answered " + answered.status());
      case Reply.Answered answered -> new Told.Refused("answered " + answered.status());
      case Reply.Unanswered unanswered ->
          new Told.Failed("no answer: " + unanswered.fault().code());
      case Reply.Blocked _ ->
          new Told.Refused(
              "its address is not allowed; see egress.allowed_networks and allow_http");
    };
  }

  private static boolean mayChange(int status) {
    return status >= 500 || status == 408 || status == 425 || status == 429;
  }

  @Override
  public void close() {
    egress.close();
  }
}
