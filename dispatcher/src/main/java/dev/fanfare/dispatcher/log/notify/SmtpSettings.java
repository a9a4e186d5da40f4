package dev.fanfare.dispatcher.log.notify;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The mail server that takes alerts. `toString` does not show the password.
///
/// @param from whose name the mails bear
/// @param timeout of each step: to connect, to be answered, to write
public record SmtpSettings(
    String host, int port, Tls tls, Optional<Login> login, String from, Duration timeout) {
  /// How the connection is kept from being read.
  public enum Tls {
    /// It begins in the open and is refused unless the server then takes TLS.
    STARTTLS,
    /// From the first byte.
    TLS,
    /// Not at all: for a server on the same machine or network.
    NONE;

    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Tls> find(String word) {
      return Stream.of(values()).filter(it -> it.word().equals(word)).findFirst();
    }
  }

  public record Login(String user, String password) {
    @Override
    public String toString() {
      return "Login[" + user + "]";
    }
  }

  /// @throws IllegalArgumentException if it can't be used like this
  public SmtpSettings {
    if (host.isBlank() || host.chars().anyMatch(c -> c <= ' ')) {
      throw new IllegalArgumentException("host must be the mail server's name or address");
    }
    try {
      new InternetAddress(from, true).validate();
    } catch (AddressException e) {
      throw new IllegalArgumentException(
          "from must be an e-mail address such as Fanfare <fanfare@example.com>", e);
    }
    if (tls == Tls.NONE && login.isPresent()) {
      throw new IllegalArgumentException(
          "tls must not be none where there is a password, which anybody could read on its way");
    }
  }
}
