package dev.fanfare.dispatcher.egress;

import dev.fanfare.dispatcher.egress.Access.Denied;
import dev.fanfare.dispatcher.egress.Access.Granted;
import dev.fanfare.dispatcher.egress.Reply.Fault;
import dev.fanfare.dispatcher.egress.Reply.Timings;
import dev.fanfare.dispatcher.egress.credential.ClientGrant;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/// The access tokens in use, one for each endpoint that wants one. Of the calls that find none, one
/// asks the token server and the others wait for it, each no longer than its own deadline; calls to
/// other endpoints wait for nobody. Thread-safe.
final class AccessTokens {
  /// Of more, those unused for longest are forgotten, and asked for again.
  private static final int MOST = 10_000;

  /// A token that was had so recently is not taken for expired: an endpoint that refuses it will
  /// refuse the next one, too, and the token server must not be asked at every POST.
  static final Duration YOUNG = Duration.ofSeconds(30);

  private record Key(String endpoint, ClientGrant grant) {}

  /// Read and written under the lock of the whole.
  private static final class Slot {
    private @Nullable Granted granted;
    private @Nullable CompletableFuture<Access> asking;
  }

  private final Map<Key, Slot> slots =
      new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Slot> eldest) {
          return size() > MOST;
        }
      };

  private final TokenServers servers;
  private final InstantSource clock;

  AccessTokens(TokenServers servers, InstantSource clock) {
    this.servers = servers;
    this.clock = clock;
  }

  /// A token for the POST, from memory if there is one that has not nearly expired.
  Access access(Post post, ClientGrant grant, long startedNanos) {
    while (true) {
      var mine = new CompletableFuture<Access>();
      CompletableFuture<Access> asking;
      boolean asks;
      Slot slot;
      synchronized (slots) {
        slot = slots.computeIfAbsent(new Key(post.endpoint(), grant), _ -> new Slot());
        if (slot.granted != null && clock.instant().isBefore(slot.granted.until())) {
          return slot.granted;
        }
        asks = slot.asking == null;
        asking = slot.asking == null ? mine : slot.asking;
        slot.asking = asking;
      }
      var access =
          asks ? ask(slot, mine, post, grant, startedNanos) : await(asking, post, startedNanos);
      boolean othersWas = !asks && access instanceof Denied denied && denied.isCancelled();
      if (!othersWas || Thread.currentThread().isInterrupted()) {
        return access;
      }
    }
  }

  /// The endpoint has refused the token; returns whether another may help.
  boolean refused(Post post, ClientGrant grant, Granted token) {
    synchronized (slots) {
      var slot = slots.get(new Key(post.endpoint(), grant));
      if (slot != null && token.equals(slot.granted)) {
        if (clock.instant().isBefore(token.since().plus(YOUNG))) {
          return false;
        }
        slot.granted = null;
      }
      return true;
    }
  }

  private Access ask(
      Slot slot, CompletableFuture<Access> mine, Post post, ClientGrant grant, long startedNanos) {
    Access access =
        TokenServers.denied(Fault.PROTOCOL, "internal error at the token server", Timings.NONE);
    try {
      access = servers.ask(grant, startedNanos, post.timeout());
      return access;
    } finally {
      synchronized (slots) {
        slot.asking = null;
        slot.granted = access instanceof Granted granted ? granted : null;
      }
      mine.complete(access);
    }
  }

  private static Access await(CompletableFuture<Access> asking, Post post, long startedNanos) {
    try {
      long left = startedNanos + post.timeout().toNanos() - System.nanoTime();
      return asking.get(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      return denied(Fault.OAUTH, "timed out while waiting for an access token", startedNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return denied(Fault.CANCELLED, "interrupted while waiting for a token", startedNanos);
    } catch (ExecutionException e) {
      throw new IllegalStateException("it is completed with a value only", e);
    }
  }

  private static Denied denied(Fault fault, String message, long startedNanos) {
    long total = TimeUnit.NANOSECONDS.toMicros(System.nanoTime() - startedNanos);
    return TokenServers.denied(fault, message, new Timings(-1, -1, -1, -1, total));
  }
}
