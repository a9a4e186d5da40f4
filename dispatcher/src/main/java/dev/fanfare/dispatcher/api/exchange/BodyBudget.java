package dev.fanfare.dispatcher.api.exchange;

import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;
import java.util.concurrent.Semaphore;

/// Bounds what requests hold in memory: each one, and all together. Thread-safe.
public final class BodyBudget {
  private static final int KIB = 1024;

  private final int most;
  private final long together;
  private final Semaphore kib;

  /// @param most bytes of one request
  /// @param together bytes of all requests at the same time
  public BodyBudget(int most, long together) {
    this.most = most;
    this.together = together - KIB;
    this.kib = new Semaphore((int) Math.min(Integer.MAX_VALUE, together / KIB));
  }

  /// What one request may hold. To be closed when it has been answered.
  public final class Share implements AutoCloseable {
    private int held;

    private Share() {}

    /// Reads the content to its end.
    ///
    /// @param announced its `Content-Length`; empty when the client does not say
    /// @throws ApiProblem 413 if it is too long, 503 if too much is held already, 400 if it ends
    ///   before it is whole
    public byte[] read(InputStream in, OptionalLong announced) {
      if (announced.orElse(0) > most) {
        throw tooLarge();
      }
      hold(announced.orElse(most));
      var bytes = readUpTo(in, most + 1);
      if (bytes.length > most) {
        throw tooLarge();
      }
      return bytes;
    }

    /// The content as it comes, of which the reader holds a part.
    ///
    /// @param most bytes of all of it
    /// @param announced its `Content-Length`; empty when the client does not say
    /// @throws ApiProblem 413 if it is too long, when that is found; 503 if too much is held
    ///   already
    public InputStream open(InputStream in, long most, int part, OptionalLong announced) {
      if (announced.orElse(0) > most) {
        throw new ApiProblem(Problem.tooLarge("a stream has at most " + most + " bytes"));
      }
      hold(Math.min(part + (announced.isEmpty() ? BodyBudget.this.most : 0), together));
      return new BoundedStream(in, most);
    }

    private void hold(long bytes) {
      int needed = (int) (bytes / KIB) + 1;
      if (!kib.tryAcquire(needed)) {
        throw new ApiProblem(Problem.unavailable("too many requests at the same time", 1));
      }
      held += needed;
    }

    @Override
    public void close() {
      kib.release(held);
      held = 0;
    }
  }

  public Share share() {
    return new Share();
  }

  private static byte[] readUpTo(InputStream in, int bytes) {
    try {
      return in.readNBytes(bytes);
    } catch (ApiProblem e) {
      throw e;
    } catch (IOException | RuntimeException e) {
      // Broken off, too slow, or broken chunks: the server tells them by exceptions of all kinds.
      throw new ApiProblem(Problem.unreadable());
    }
  }

  private ApiProblem tooLarge() {
    return new ApiProblem(Problem.tooLarge("a request has at most " + most + " bytes"));
  }
}
