package dev.fanfare.dispatcher.ingest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.fanfare.dispatcher.egress.Fetch;
import dev.fanfare.dispatcher.egress.signature.Secret;
import dev.fanfare.dispatcher.egress.signature.SigningKeys;
import dev.fanfare.dispatcher.egress.signature.StandardWebhooks;
import dev.fanfare.dispatcher.ingest.adapter.Provider;
import dev.fanfare.schemas.id.TenantId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// All seven providers, with keys of their own, as they sign and post.
public final class Senders implements Fetch {
  public static final String TOPIC = "arn:aws:sns:eu-west-1:123456789012:ses-events";
  public static final String CERTIFICATE =
      "https://sns.eu-west-1.amazonaws.com/SimpleNotificationService-0123456789abcdef.pem";
  public static final String TOKEN = "a-token-of-the-tests";
  private static final String MAILGUN_KEY = "key-0123456789abcdef";
  private static final String SVIX_SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  private static final ObjectMapper JSON = JsonMapper.builder().build();

  private final KeyPair sendgrid;
  private final PrivateKey sns;
  private final String snsCertificate;

  /// What was fetched, in order.
  public final List<URI> fetched = new ArrayList<>();

  /// What a provider posts.
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Posted(Map<String, String> headers, byte[] body) {
    public Request request() {
      return new Request(headers, ByteBuffer.wrap(body));
    }
  }

  public Senders(Path scratch) {
    try {
      var generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      sendgrid = generator.generateKeyPair();
      var store = rsaCertificate(scratch);
      sns = (PrivateKey) store.getKey("sns", "changeit".toCharArray());
      snsCertificate =
          "-----BEGIN CERTIFICATE-----\n"
              + Base64.getMimeEncoder().encodeToString(store.getCertificate("sns").getEncoded())
              + "\n-----END CERTIFICATE-----\n";
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /// The platform makes certificates in its tool only.
  private static KeyStore rsaCertificate(Path scratch) throws GeneralSecurityException {
    var file = scratch.resolve("sns.p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    try {
      var process =
          new ProcessBuilder(
                  keytool,
                  "-genkeypair",
                  "-alias",
                  "sns",
                  "-keyalg",
                  "RSA",
                  "-keysize",
                  "2048",
                  "-dname",
                  "CN=sns.amazonaws.com",
                  "-startdate",
                  "2026/02/01 00:00:00",
                  "-validity",
                  "60",
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  "changeit",
                  "-keystore",
                  file.toString())
              .inheritIO()
              .start();
      if (!process.waitFor(60, TimeUnit.SECONDS) || process.exitValue() != 0) {
        throw new IllegalStateException("keytool made no certificate");
      }
      var store = KeyStore.getInstance("PKCS12");
      try (var in = Files.newInputStream(file)) {
        store.load(in, "changeit".toCharArray());
      }
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /// One source each, named after its provider.
  public IngestSettings settings() {
    var tenant = new TenantId("acme");
    var sources = new ArrayList<SourceSettings>();
    for (var provider : Provider.values()) {
      sources.add(new SourceSettings(provider.word(), provider, tenant, key(provider)));
    }
    return new IngestSettings(sources);
  }

  public String key(Provider provider) {
    return switch (provider) {
      case SENDGRID -> Base64.getEncoder().encodeToString(sendgrid.getPublic().getEncoded());
      case MAILGUN -> MAILGUN_KEY;
      case SES -> TOPIC;
      case RESEND -> SVIX_SECRET;
      case POSTMARK, SPARKPOST, KUMOMTA -> TOKEN;
    };
  }

  /// The requests that these reports come in: one with all, or one for each.
  public List<Posted> posts(Provider provider, JsonNode reports, Instant now) {
    return switch (provider) {
      case SENDGRID -> List.of(sendgrid(bytes(reports), now));
      case SPARKPOST -> List.of(new Posted(basic(), bytes(reports)));
      case KUMOMTA -> List.of(new Posted(bearer(), lines(reports)));
      case POSTMARK -> each(reports, it -> new Posted(basic(), bytes(it)));
      case MAILGUN -> each(reports, it -> mailgun(it.path("event-data"), now));
      case SES -> each(reports, it -> notification(it.toString(), now));
      case RESEND -> each(reports, it -> resend("msg_2Lu7r4Wm", bytes(it), now));
    };
  }

  private static List<Posted> each(JsonNode reports, Function<JsonNode, Posted> post) {
    var posts = new ArrayList<Posted>();
    reports.forEach(it -> posts.add(post.apply(it)));
    return posts;
  }

  public static Map<String, String> basic() {
    var pair = Base64.getEncoder().encodeToString(("any:" + TOKEN).getBytes(UTF_8));
    return Map.of("authorization", "Basic " + pair);
  }

  public static Map<String, String> bearer() {
    return Map.of("authorization", "Bearer " + TOKEN);
  }

  public Posted sendgrid(byte[] body, Instant now) {
    var timestamp = Long.toString(now.getEpochSecond());
    return new Posted(
        Map.of(
            "x-twilio-email-event-webhook-timestamp",
            timestamp,
            "x-twilio-email-event-webhook-signature",
            signature("SHA256withECDSA", sendgrid.getPrivate(), timestamp.getBytes(UTF_8), body)),
        body);
  }

  public Posted mailgun(JsonNode event, Instant now) {
    return mailgun(event, now, "token-" + event.path("id").asText());
  }

  public Posted mailgun(JsonNode event, Instant now, String token) {
    var timestamp = Long.toString(now.getEpochSecond());
    var body = JSON.createObjectNode();
    body.putObject("signature")
        .put("timestamp", timestamp)
        .put("token", token)
        .put("signature", hmac(timestamp + token));
    body.set("event-data", event);
    return new Posted(Map.of(), bytes(body));
  }

  public Posted resend(String id, byte[] body, Instant now) {
    return new Posted(
        Map.of(
            "svix-id",
            id,
            "svix-timestamp",
            Long.toString(now.getEpochSecond()),
            "svix-signature",
            StandardWebhooks.sign(
                new SigningKeys(List.of(Secret.parse(SVIX_SECRET))),
                id,
                now,
                ByteBuffer.wrap(body))),
        body);
  }

  public Posted notification(String message, Instant now) {
    var envelope = JSON.createObjectNode();
    envelope.put("Type", "Notification").put("MessageId", "m-1").put("TopicArn", TOPIC);
    envelope.put("Subject", "Amazon SES Email Event Notification").put("Message", message);
    envelope.put("Timestamp", now.toString());
    return signed(envelope, "1");
  }

  public Posted confirmation(Instant now, String version) {
    var envelope = JSON.createObjectNode();
    envelope.put("Type", "SubscriptionConfirmation").put("MessageId", "m-2").put("TopicArn", TOPIC);
    envelope.put("Token", "tok&en").put("Message", "You have chosen to subscribe.");
    envelope.put(
        "SubscribeURL",
        "https://sns.eu-west-1.amazonaws.com/?Action=ConfirmSubscription&TopicArn=x&Token=y");
    envelope.put("Timestamp", now.toString());
    return signed(envelope, version);
  }

  /// Signs again whatever was changed about it.
  public Posted signed(ObjectNode envelope, String version) {
    var confirms = !envelope.path("Type").asText().equals("Notification");
    var text = new StringBuilder();
    for (var field :
        confirms
            ? List.of(
                "Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
            : List.of("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type")) {
      if (envelope.has(field)) {
        text.append(field).append('\n').append(envelope.path(field).asText()).append('\n');
      }
    }
    envelope.put("SignatureVersion", version);
    envelope.put(
        "Signature",
        signature(
            version.equals("1") ? "SHA1withRSA" : "SHA256withRSA",
            sns,
            text.toString().getBytes(UTF_8)));
    if (!envelope.has("SigningCertURL")) {
      envelope.put("SigningCertURL", CERTIFICATE);
    }
    return new Posted(Map.of("x-amz-sns-message-type", "any"), bytes(envelope));
  }

  /// Amazon's side.
  @Override
  public Got get(URI address, int mostBytes) {
    fetched.add(address);
    return address.toString().equals(CERTIFICATE)
        ? new Got.Content(200, ByteBuffer.wrap(snsCertificate.getBytes(UTF_8)))
        : new Got.Content(200, ByteBuffer.wrap(new byte[0]));
  }

  private static String signature(String algorithm, PrivateKey key, byte[]... parts) {
    try {
      var signature = Signature.getInstance(algorithm);
      signature.initSign(key);
      for (var part : parts) {
        signature.update(part);
      }
      return Base64.getEncoder().encodeToString(signature.sign());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hmac(String text) {
    try {
      var mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(MAILGUN_KEY.getBytes(UTF_8), "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(text.getBytes(UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] bytes(JsonNode json) {
    return json.toString().getBytes(UTF_8);
  }

  private static byte[] lines(JsonNode reports) {
    var text = new StringBuilder();
    reports.forEach(it -> text.append(it).append('\n'));
    return text.toString().getBytes(UTF_8);
  }

  public static JsonNode fixture(String name) {
    try (var in = Senders.class.getResourceAsStream("/ingest/" + name)) {
      return JSON.readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
