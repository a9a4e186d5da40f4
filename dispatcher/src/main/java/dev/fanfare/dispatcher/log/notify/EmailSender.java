package dev.fanfare.dispatcher.log.notify;

import static java.nio.charset.StandardCharsets.UTF_8;

import jakarta.mail.Authenticator;
import jakarta.mail.Message;
import jakarta.mail.MessagingException;
import jakarta.mail.PasswordAuthentication;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.time.InstantSource;
import java.util.Date;
import java.util.Properties;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.jspecify.annotations.Nullable;

/// Hands alerts to a mail server. Thread-safe.
final class EmailSender {
  /// The server says that it will never take it.
  private static final int REFUSED = 500;

  private final SmtpSettings settings;
  private final Session session;
  private final InstantSource clock;

  EmailSender(SmtpSettings settings, InstantSource clock) {
    this.settings = settings;
    this.clock = clock;
    this.session = Session.getInstance(properties(settings), authenticator(settings));
  }

  private static Properties properties(SmtpSettings settings) {
    var properties = new Properties();
    var timeout = Long.toString(settings.timeout().toMillis());
    properties.put("mail.transport.protocol", "smtp");
    properties.put("mail.smtp.host", settings.host());
    properties.put("mail.smtp.port", Integer.toString(settings.port()));
    properties.put("mail.smtp.connectiontimeout", timeout);
    properties.put("mail.smtp.timeout", timeout);
    properties.put("mail.smtp.writetimeout", timeout);
    properties.put("mail.smtp.auth", Boolean.toString(settings.login().isPresent()));
    // Some of the recipients are better than none.
    properties.put("mail.smtp.sendpartial", "true");
    // The certificate must be the server's; not everybody's default.
    properties.put("mail.smtp.ssl.checkserveridentity", "true");
    switch (settings.tls()) {
      case STARTTLS -> {
        properties.put("mail.smtp.starttls.enable", "true");
        properties.put("mail.smtp.starttls.required", "true");
      }
      case TLS -> properties.put("mail.smtp.ssl.enable", "true");
      case NONE -> {}
    }
    return properties;
  }

  private static @Nullable Authenticator authenticator(SmtpSettings settings) {
    if (settings.login().isEmpty()) {
      return null;
    }
    var login = settings.login().get();
    return new Authenticator() {
      @Override
      protected PasswordAuthentication getPasswordAuthentication() {
        return new PasswordAuthentication(login.user(), login.password());
      }
    };
  }

  /// @param target addresses with commas between
  Told send(String target, Notice notice) {
    try {
      Transport.send(message(target, notice));
      return new Told.Sent();
    } catch (SendFailedException e) {
      return isRefused(e) ? new Told.Refused(reason(e)) : new Told.Failed(reason(e));
    } catch (MessagingException e) {
      return new Told.Failed(reason(e));
    }
  }

  private MimeMessage message(String target, Notice notice) throws MessagingException {
    var message = new NamedMessage(session, id(notice.id()));
    message.setFrom(new InternetAddress(settings.from()));
    for (var address : ChannelSettings.addresses(target)) {
      message.addRecipient(Message.RecipientType.TO, new InternetAddress(address, true));
    }
    message.setSubject(EmailText.subject(notice), UTF_8.name());
    message.setSentDate(Date.from(clock.instant()));
    // No answers by machines, and one conversation for what fires and is over.
    message.setHeader("Auto-Submitted", "auto-generated");
    if (notice.firedId().isPresent()) {
      var about = id(notice.firedId().get());
      message.setHeader("In-Reply-To", about);
      message.setHeader("References", about);
    }
    message.setText(EmailText.body(notice), UTF_8.name());
    return message;
  }

  /// The same whenever it is sent again, so that a mailbox that cares shows it once.
  private static String id(String alert) {
    return "<" + alert + "@fanfare.invalid>";
  }

  /// A message that is not given another name when it is sent.
  private static final class NamedMessage extends MimeMessage {
    private final String id;

    NamedMessage(Session session, String id) {
      super(session);
      this.id = id;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
      setHeader("Message-ID", id);
    }
  }

  private static boolean isRefused(SendFailedException thrown) {
    for (@Nullable Exception it = thrown.getNextException();
        it != null;
        it = it instanceof MessagingException more ? more.getNextException() : null) {
      if (it instanceof SMTPAddressFailedException failed && failed.getReturnCode() >= REFUSED) {
        return true;
      }
    }
    return false;
  }

  /// What libraries say of failed connections and commands names host, port and the server's words,
  /// never a password.
  private static String reason(MessagingException thrown) {
    var cause = thrown.getNextException() == null ? thrown : thrown.getNextException();
    var text = String.valueOf(cause.getMessage()).replaceAll("\\s+", " ").strip();
    var shown = text.length() <= 200 ? text : text.substring(0, 200) + "…";
    return cause.getClass().getSimpleName() + ": " + shown;
  }
}
