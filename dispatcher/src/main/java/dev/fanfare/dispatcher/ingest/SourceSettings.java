package dev.fanfare.dispatcher.ingest;

import dev.fanfare.dispatcher.ingest.adapter.Provider;
import dev.fanfare.dispatcher.ingest.proof.AccessToken;
import dev.fanfare.dispatcher.ingest.proof.MailgunSignature;
import dev.fanfare.dispatcher.ingest.proof.SendGridSignature;
import dev.fanfare.dispatcher.ingest.proof.SnsMessage;
import dev.fanfare.dispatcher.ingest.proof.SvixSignature;
import dev.fanfare.schemas.id.TenantId;
import java.util.regex.Pattern;

/// One account of one provider. `toString` does not show the key.
///
/// @param name stands in the address that the provider posts to
/// @param tenant whose events they are
/// @param key what requests are proven with; what it is depends on the provider
public record SourceSettings(String name, Provider provider, TenantId tenant, String key) {
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9_]{0,62}");

  /// @throws IllegalArgumentException if the key is none of the provider's
  public SourceSettings {
    if (!isName(name)) {
      throw new IllegalArgumentException(
          "a source's name has 1 to 63 characters of a-z 0-9 _, the first no _");
    }
    try {
      requireKey(provider, key);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("key: " + e.getMessage(), e);
    }
  }

  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  private static void requireKey(Provider provider, String key) {
    switch (provider) {
      case SENDGRID -> SendGridSignature.of(key);
      case MAILGUN -> new MailgunSignature(key);
      case SES -> SnsMessage.topic(key);
      case RESEND -> new SvixSignature(key);
      case POSTMARK, SPARKPOST, KUMOMTA -> new AccessToken(key);
    }
  }

  @Override
  public String toString() {
    return "SourceSettings[" + name + ", " + provider.word() + ", " + tenant + "]";
  }
}
