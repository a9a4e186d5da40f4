package dev.fanfare.dispatcher.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import dev.fanfare.dispatcher.ingest.proof.AccessToken;
import dev.fanfare.dispatcher.ingest.proof.MailgunSignature;
import dev.fanfare.dispatcher.ingest.proof.Proof;
import dev.fanfare.dispatcher.ingest.proof.SendGridSignature;
import dev.fanfare.dispatcher.ingest.proof.SvixSignature;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/// A provider that signs its requests or sends a token along: everyone but SNS, whose signature
/// needs a certificate first. Thread-safe.
sealed interface Source {
  /// @param content what the request holds; asked for only where the proof lies inside
  Proof check(Request request, Supplier<List<JsonNode>> content, Instant now);

  /// The provider's own id of a request; empty for none.
  default String deliveryId(Request request) {
    return "";
  }

  static Source of(SourceSettings settings) {
    return switch (settings.provider()) {
      case SENDGRID -> new SendGrid(SendGridSignature.of(settings.key()));
      case MAILGUN -> new Mailgun(new MailgunSignature(settings.key()));
      case RESEND -> new Resend(new SvixSignature(settings.key()));
      case POSTMARK, SPARKPOST, KUMOMTA -> new Token(new AccessToken(settings.key()));
      case SES -> throw new IllegalStateException("SES comes through SNS");
    };
  }

  record SendGrid(SendGridSignature signature) implements Source {
    @Override
    public Proof check(Request request, Supplier<List<JsonNode>> content, Instant now) {
      return signature.check(
          request.header(SendGridSignature.TIMESTAMP),
          request.header(SendGridSignature.SIGNATURE),
          request.body(),
          now);
    }
  }

  record Mailgun(MailgunSignature signature) implements Source {
    @Override
    public Proof check(Request request, Supplier<List<JsonNode>> content, Instant now) {
      var documents = content.get();
      return documents.size() == 1
          ? signature.check(documents.getFirst(), request.body(), now)
          : new Proof.Forged("no JSON object");
    }
  }

  record Resend(SvixSignature signature) implements Source {
    @Override
    public Proof check(Request request, Supplier<List<JsonNode>> content, Instant now) {
      return signature.check(
          request.header("svix-id"),
          request.header("svix-timestamp"),
          request.header("svix-signature"),
          request.body(),
          now);
    }

    @Override
    public String deliveryId(Request request) {
      return request.header("svix-id");
    }
  }

  record Token(AccessToken token) implements Source {
    @Override
    public Proof check(Request request, Supplier<List<JsonNode>> content, Instant now) {
      return token.check(request.header("authorization"));
    }
  }
}
