package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Unanswered;
import java.time.Instant;

/// What a token server said to a request for an access token.
sealed interface Access {
  /// @param since when it was had
  /// @param until when a new one is to be had, shortly before it expires
  record Granted(String token, Instant since, Instant until) implements Access {
    String authorization() {
      return "Bearer " + token;
    }

    @Override
    public String toString() {
      return "access token until " + until;
    }
  }

  /// @param reply what becomes of the POST that it was wanted for
  record Denied(Reply reply) implements Access {
    /// Whether only the call that asked was broken off, so that others may ask again.
    boolean isCancelled() {
      return reply instanceof Unanswered unanswered && unanswered.fault() == Fault.CANCELLED;
    }
  }
}
