package dev.fanfare.dispatcher.ingest.adapter;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Whose reports are understood.
public enum Provider {
  SENDGRID("sendgrid", new SendGrid()),
  POSTMARK("postmark", new Postmark()),
  MAILGUN("mailgun", new Mailgun()),
  /// Through Amazon SNS.
  SES("ses", new Ses()),
  RESEND("resend", new Resend()),
  SPARKPOST("sparkpost", new SparkPost()),
  KUMOMTA("kumomta", new KumoMta());

  private final String word;

  @SuppressWarnings("ImmutableEnumChecker") // adapters hold nothing that changes
  private final Adapter adapter;

  Provider(String word, Adapter adapter) {
    this.word = word;
    this.adapter = adapter;
  }

  /// As in the address and in the configuration.
  public String word() {
    return word;
  }

  public static Optional<Provider> find(String word) {
    return Stream.of(values()).filter(it -> it.word.equals(word)).findFirst();
  }

  /// @param documents the JSON values of one request, one after the other; lists are taken apart
  /// @param deliveryId the provider's own id of the request; empty for none
  public Translation translate(List<JsonNode> documents, String deliveryId) {
    var translation = new Translation();
    for (var document : documents) {
      if (document.isArray()) {
        document.forEach(report -> adapter.translate(report, deliveryId, translation));
      } else {
        adapter.translate(document, deliveryId, translation);
      }
    }
    return translation;
  }
}
