package dev.fanfare.dispatcher.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.egress.Fetch;
import dev.fanfare.dispatcher.egress.Fetch.Got;
import dev.fanfare.dispatcher.ingest.proof.Proof;
import dev.fanfare.dispatcher.ingest.proof.SnsMessage;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A topic of Amazon SNS that SES publishes to. Besides notifications SNS posts the question
/// whether we want them, which is answered with yes once it is proven to be SNS's and about this
/// topic. Thread-safe.
final class SnsSource {
  private static final Logger LOG = LoggerFactory.getLogger(SnsSource.class);
  private static final int MOST_ANSWER = 16 << 10;

  private final SourceSettings settings;
  private final SnsCertificates certificates;
  private final Fetch fetch;

  /// What an envelope comes to.
  sealed interface Opened {
    /// What SES published, proven.
    record Published(List<JsonNode> documents) implements Opened {}

    /// Proven, and nothing was published.
    record Nothing() implements Opened {}

    record Forged(String why) implements Opened {}

    record Unavailable(String why) implements Opened {}
  }

  SnsSource(SourceSettings settings, SnsCertificates certificates, Fetch fetch) {
    this.settings = settings;
    this.certificates = certificates;
    this.fetch = fetch;
  }

  /// @param documents of the request
  Opened open(List<JsonNode> documents, Instant now) {
    if (documents.size() != 1) {
      return new Opened.Forged("no JSON object");
    }
    var message = new SnsMessage(documents.getFirst());
    // Before anything is fetched for it: who does not know the topic makes us fetch nothing.
    var suspicion = message.suspicion(settings.key(), now);
    if (suspicion.isPresent()) {
      return new Opened.Forged(suspicion.get());
    }
    var address = message.certificate();
    if (address.isEmpty()) {
      return new Opened.Forged("its certificate is not at an address of SNS's own");
    }
    return switch (certificates.find(address.get())) {
      case SnsCertificates.Found.Missing() -> new Opened.Forged("its certificate is none");
      case SnsCertificates.Found.Unavailable(var why) -> new Opened.Unavailable(why);
      case SnsCertificates.Found.Certificate(var certificate) ->
          switch (message.check(certificate, now)) {
            case Proof.Forged(var why) -> new Opened.Forged(why);
            case Proof.Genuine() -> opened(message);
          };
    };
  }

  private Opened opened(SnsMessage message) {
    return switch (message.kind().orElseThrow()) {
      case NOTIFICATION ->
          Documents.read(ByteBuffer.wrap(message.message().getBytes(UTF_8)))
              .<Opened>map(Opened.Published::new)
              // SNS's own words, e.g. that a subscription was made.
              .orElseGet(Opened.Nothing::new);
      case SUBSCRIPTION_CONFIRMATION -> confirm(message);
      case UNSUBSCRIBE_CONFIRMATION -> {
        LOG.warn("the source {} is no longer subscribed to its topic", settings.name());
        yield new Opened.Nothing();
      }
    };
  }

  private Opened confirm(SnsMessage message) {
    var address = message.confirmation();
    if (address.isEmpty()) {
      return new Opened.Forged("to confirm it, an address that is not SNS's own would be asked");
    }
    Optional<String> trouble =
        switch (fetch.get(address.get(), MOST_ANSWER)) {
          case Got.Content(int status, _) when status / 100 == 2 -> Optional.empty();
          case Got.Content(int status, _) -> Optional.of("SNS answers " + status);
          case Got.Failed(var why) -> Optional.of(why);
        };
    if (trouble.isPresent()) {
      return new Opened.Unavailable("the subscription is not confirmed: " + trouble.get());
    }
    LOG.info("the source {} is subscribed to its topic", settings.name());
    return new Opened.Nothing();
  }
}
