package dev.fanfare.bench.load;

import dev.fanfare.schemas.avro.EmailEvent;
import dev.fanfare.schemas.avro.SmtpDelivery;
import dev.fanfare.schemas.catalogue.EventCatalogue;
import dev.fanfare.schemas.payload.PayloadFormat;
import dev.fanfare.schemas.payload.PayloadRenderer;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.HashMap;
import java.util.Random;
import java.util.stream.Collectors;

/// Events whose payload has a given size, and those payloads.
public final class Payloads {
  public static final String TYPE = "email.delivered";
  private static final int PIECE = 512;
  private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789 ";
  private static final String TEXT = text(); // not all the same, or it would compress to nothing
  private static final EventCatalogue CATALOGUE = EventCatalogue.standard();

  private final int bytes;
  private final int padding;

  /// @param bytes of a payload, about
  /// @throws IllegalArgumentException if an event alone takes more
  public Payloads(int bytes) {
    this.bytes = bytes;
    int bare = render(event("b_0000000_0000000000000000", "tenant", 0).build()).remaining();
    if (bytes < bare) {
      throw new IllegalArgumentException("a payload has at least " + bare + " bytes");
    }
    this.padding = bytes - bare;
  }

  public int bytes() {
    return bytes;
  }

  public EmailEvent event(String id, String tenant) {
    return event(id, tenant, padding).build();
  }

  /// One that has to do with a mailbox.
  public EmailEvent event(String id, String tenant, String inbox) {
    return event(id, tenant, padding).setInbox(inbox).build();
  }

  private static EmailEvent.Builder event(String id, String tenant, int padding) {
    var metadata = new HashMap<String, String>();
    int overhead = "\"p00\":\"\",".length();
    for (int left = padding, i = 0; left > overhead; left -= PIECE + overhead, i++) {
      metadata.put("p%02d".formatted(i), TEXT.substring(0, Math.min(PIECE, left - overhead)));
    }
    return EmailEvent.newBuilder()
        .setEventId(id)
        .setTenant(tenant)
        .setType(TYPE)
        .setOccurredAt(Instant.ofEpochMilli(System.currentTimeMillis()))
        .setMessageId("msg_" + id)
        .setRecipient("ada.lovelace@customer.example")
        .setSender("news@platform.example")
        .setSubject("The news of the week")
        .setMetadata(metadata)
        .setDelivery(
            SmtpDelivery.newBuilder().setSmtpCode(250).setMxHost("mx.customer.example").build());
  }

  private static String text() {
    return new Random(1)
        .ints(PIECE, 0, LETTERS.length())
        .mapToObj(i -> LETTERS.substring(i, i + 1))
        .collect(Collectors.joining());
  }

  /// As it is signed and sent.
  public static ByteBuffer render(EmailEvent event) {
    var type = CATALOGUE.find(event.getType()).orElseThrow();
    return PayloadRenderer.render(event, type.newest(), PayloadFormat.of("standard")).body();
  }
}
