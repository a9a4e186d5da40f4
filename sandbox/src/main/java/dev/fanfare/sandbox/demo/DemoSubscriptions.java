package dev.fanfare.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/// The subscriptions of the demo, made through the API once: those of an earlier run are kept if
/// they still point to the receiver.
public final class DemoSubscriptions {
  private static final String MARK = "Demo: ";

  private record Wanted(String tenant, String says, String path, List<String> types) {}

  private static final List<Wanted> ALL =
      List.of(
          new Wanted(
              "acme",
              "a CRM that wants all mails, prompt",
              DemoReceiver.PROMPT,
              List.of("email.*")),
          new Wanted(
              "acme", "a warehouse that wants everything, slow", DemoReceiver.SLOW, List.of("*")),
          new Wanted(
              "globex",
              "a legacy system that fails three times of ten",
              DemoReceiver.FAILING_AT_TIMES,
              List.of("email.delivered", "email.bounced", "email.complained", "suppression.*")),
          new Wanted(
              "globex",
              "an agent that answers mails, prompt",
              DemoReceiver.PROMPT,
              List.of("email.received", "email.auto_replied", "contact.engagement_changed")),
          new Wanted(
              "initech",
              "an analytics service that throttles",
              DemoReceiver.THROTTLING,
              List.of("email.opened", "email.clicked", "email.delivered")));

  private DemoSubscriptions() {}

  /// Makes what is missing.
  ///
  /// @return how many there are
  /// @throws IOException if the API does not take one
  public static int ensure(ApiClient api, DemoReceiver receiver) throws IOException {
    var present = api.list("/v1/subscriptions");
    for (var wanted : ALL) {
      boolean kept = false;
      for (var subscription : present) {
        if (!isOf(wanted, subscription)) {
          continue;
        }
        if (subscription.path("url").asText().equals(receiver.url(wanted.path()))) {
          kept = true;
        } else {
          expectGood(api.delete("/v1/subscriptions/" + subscription.path("id").asText()));
        }
      }
      if (!kept) {
        expectGood(api.post("/v1/subscriptions", json(wanted, receiver)));
      }
    }
    return ALL.size();
  }

  private static boolean isOf(Wanted wanted, JsonNode subscription) {
    return subscription.path("tenant").asText().equals(wanted.tenant())
        && subscription.path("description").asText().equals(MARK + wanted.says());
  }

  private static Map<String, Object> json(Wanted wanted, DemoReceiver receiver) {
    return Map.of(
        "tenant", wanted.tenant(),
        "url", receiver.url(wanted.path()),
        "event_types", wanted.types(),
        "description", MARK + wanted.says());
  }

  private static void expectGood(ApiClient.Said said) throws IOException {
    if (!said.isGood()) {
      throw new IOException("a demo subscription is refused: " + said);
    }
  }
}
