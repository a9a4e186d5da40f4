package dev.fanfare.dispatcher.ingest.proof;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.URLEncoder;
import java.security.GeneralSecurityException;
import java.security.Signature;
import java.security.SignatureException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What Amazon SNS posts: an envelope, signed with RSA over some of its fields (SHA-1 in version 1,
/// SHA-256 in version 2), with the address of the certificate inside.
///
/// That the signature is SNS's says little: anybody can have a topic, and SNS signs for all of
/// them. So the topic must be the one that the source was given, and the certificate's address one
/// of SNS's own hosts, or a forger would name a host of theirs.
public final class SnsMessage {
  private static final Pattern HOST =
      Pattern.compile("sns\\.[a-z]{2}(-[a-z]+){1,3}-\\d{1,2}\\.amazonaws\\.com(\\.cn)?");
  private static final Pattern PATH =
      Pattern.compile("/SimpleNotificationService-[0-9a-zA-Z]{1,64}\\.pem");
  private static final Pattern TOPIC =
      Pattern.compile("arn:aws[a-z-]*:sns:[a-z0-9-]{1,32}:\\d{12}:[A-Za-z0-9_-]{1,256}(\\.fifo)?");

  /// The fields that are signed, in this order.
  private static final List<String> NOTIFIED =
      List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type");

  private static final List<String> CONFIRMED =
      List.of("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type");

  private static final int LONGEST_ADDRESS = 2_048;

  private final JsonNode envelope;

  public SnsMessage(JsonNode envelope) {
    this.envelope = envelope;
  }

  /// @throws IllegalArgumentException if it can't be the name of a topic
  public static String topic(String arn) {
    if (!TOPIC.matcher(arn).matches()) {
      throw new IllegalArgumentException("must be the ARN of an SNS topic: arn:aws:sns:…");
    }
    return arn;
  }

  /// What it is.
  public enum Kind {
    NOTIFICATION("Notification"),
    SUBSCRIPTION_CONFIRMATION("SubscriptionConfirmation"),
    UNSUBSCRIBE_CONFIRMATION("UnsubscribeConfirmation");

    private final String word;

    Kind(String word) {
      this.word = word;
    }
  }

  /// Empty for what SNS does not send.
  public Optional<Kind> kind() {
    for (var kind : Kind.values()) {
      if (kind.word.equals(text("Type"))) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  /// What was published, as a text.
  public String message() {
    return text("Message");
  }

  /// Where its certificate is, if that is a place of SNS's own.
  public Optional<URI> certificate() {
    var uri = ofSns(text("SigningCertURL"));
    return uri.filter(it -> PATH.matcher(it.getRawPath()).matches() && it.getRawQuery() == null);
  }

  /// The address that confirms the subscription. Made by us of what was signed, not taken from the
  /// message: its own could ask SNS for anything.
  public Optional<URI> confirmation() {
    return ofSns(text("SubscribeURL"))
        .map(uri ->
            URI.create(
                "https://%s/?Action=ConfirmSubscription&TopicArn=%s&Token=%s"
                    .formatted(
                        uri.getHost(),
                        URLEncoder.encode(text("TopicArn"), UTF_8),
                        URLEncoder.encode(text("Token"), UTF_8))));
  }

  private static Optional<URI> ofSns(String address) {
    if (address.length() > LONGEST_ADDRESS) {
      return Optional.empty();
    }
    try {
      var uri = URI.create(address);
      boolean its =
          "https".equals(uri.getScheme())
              && uri.getHost() != null
              && HOST.matcher(uri.getHost()).matches()
              && uri.getRawAuthority().equals(uri.getHost()) // no user, no port
              && uri.getRawFragment() == null;
      return its ? Optional.of(uri) : Optional.empty();
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // no address at all
    }
  }

  /// Why it can't be genuine, whatever its signature; asked before its certificate is.
  ///
  /// @param topic the only one that is listened to
  public Optional<String> suspicion(String topic, Instant now) {
    if (kind().isEmpty() || !text("TopicArn").equals(topic)) {
      return Optional.of("of another topic");
    }
    return isFresh(now)
        ? Optional.empty()
        : Optional.of("no timestamp, or one that is not of today");
  }

  /// @param certificate that lies at [#certificate]
  public Proof check(X509Certificate certificate, Instant now) {
    var algorithm =
        switch (text("SignatureVersion")) {
          case "1" -> "SHA1withRSA";
          case "2" -> "SHA256withRSA";
          default -> "";
        };
    var signed = signed();
    if (algorithm.isEmpty() || signed.isEmpty()) {
      return new Proof.Forged("no signature of version 1 or 2");
    }
    try {
      certificate.checkValidity(Date.from(now));
      var verification = Signature.getInstance(algorithm);
      verification.initVerify(certificate.getPublicKey());
      verification.update(signed.get().getBytes(UTF_8));
      return Proof.of(
          verification.verify(Base64.getDecoder().decode(text("Signature"))),
          "the signature does not match");
    } catch (CertificateException e) {
      return new Proof.Forged("its certificate is not valid today");
    } catch (SignatureException | IllegalArgumentException e) {
      return new Proof.Forged("no signature");
    } catch (GeneralSecurityException e) {
      return new Proof.Forged("its certificate has no key that fits");
    }
  }

  private boolean isFresh(Instant now) {
    try {
      return Freshness.isFresh(Instant.parse(text("Timestamp")), now);
    } catch (DateTimeException e) {
      return false; // no time at all
    }
  }

  /// Name and value of each field that is signed, one a line; a subject that is absent is left out.
  private Optional<String> signed() {
    return kind()
        .map(kind -> {
          var lines = new StringBuilder();
          for (var field : kind == Kind.NOTIFICATION ? NOTIFIED : CONFIRMED) {
            if (envelope.hasNonNull(field)) {
              lines.append(field).append('\n').append(text(field)).append('\n');
            }
          }
          return lines.toString();
        });
  }

  private String text(String field) {
    var value = envelope.path(field);
    return value.isTextual() ? value.textValue() : "";
  }
}
