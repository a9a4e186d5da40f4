package dev.fanfare.retry.replay.runner;

import dev.fanfare.schemas.avro.Delivery;
import dev.fanfare.schemas.avro.EmailEvent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/// What a replay asks of the rest of the application, each answered by one function.
public record Surroundings(Recipients recipients, Statuses statuses, Backfill backfill) {

  /// Who can get deliveries.
  @FunctionalInterface
  public interface Recipients {
    /// Whether the subscription exists and is not disabled; a paused one gets its deliveries later.
    boolean takes(String subscriptionId);
  }

  /// The delivery log.
  @FunctionalInterface
  public interface Statuses {
    /// Status words of those deliveries that the log knows, by delivery id.
    ///
    /// @throws Unavailable if it can't answer for all of them
    Map<String, String> of(Collection<Delivery> deliveries);

    /// Of a process without a log.
    Statuses NONE =
        _ -> {
          throw new Unavailable("there is no delivery log to ask for their status");
        };
  }

  /// Fan-out for one event and one subscription.
  @FunctionalInterface
  public interface Backfill {
    /// The delivery that fan-out would make now; empty when the subscription does not want the
    /// event, does not exist or is disabled.
    Optional<Delivery> delivery(EmailEvent event, String subscriptionId);
  }

  /// Something can't be asked at the moment; the replay waits for it.
  public static final class Unavailable extends RuntimeException {
    public Unavailable(String message) {
      super(message);
    }
  }
}
