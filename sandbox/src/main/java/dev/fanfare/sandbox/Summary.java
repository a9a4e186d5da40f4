package dev.fanfare.sandbox;

import java.util.List;

/// What a sandbox tells its user when it runs: what is where, and what to try next.
final class Summary {
  private Summary() {}

  static List<String> of(Sandbox sandbox) {
    var api = sandbox.api();
    var text =
        """

        Fanfare is up after %.1f s.

          API and dashboard   %s
          Kafka               %s  (topic %s)
          schema registry     %s
          data and logs       %s

        %s
        Try:

          curl %s/v1/subscriptions
          curl %s/v1/event-types
          curl -H 'content-type: application/json' %s/v1/events -d \\
            '{"tenant":"acme","type":"email.delivered","recipient":"you@example.com","message_id":"m1"}'

        Ctrl-C stops everything; the data stays.
        """
            .formatted(
                sandbox.took().toMillis() / 1000.0,
                api,
                sandbox.bootstrap(),
                sandbox.input(),
                sandbox.registry(),
                sandbox.settings().directory().toAbsolutePath(),
                demo(sandbox),
                api,
                api,
                api);
    return text.lines().toList();
  }

  private static String demo(Sandbox sandbox) {
    return sandbox.settings().demo()
        ? "Demo traffic runs: "
            + Sandbox.EVENTS_PER_SECOND
            + " events a second to five subscriptions, of which one is slow, one\n"
            + "throttles and one fails three times of ten. --no-demo leaves it out.\n"
        : "No demo traffic: make a subscription and send an event.\n";
  }
}
