package dev.fanfare.dispatcher.log.entry;

import java.util.Arrays;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// How long things took, in classes that each reach a seventh further than the one before: a
/// percentile read from it is at most that much too high. Immutable.
///
/// Two arrays and no map: one is read, added to and written for every attempt.
public final class Latencies {
  public static final Latencies EMPTY = new Latencies(new int[0], new long[0]);
  private static final double GROWTH = 8.0 / 7.0;
  private static final double LOG_GROWTH = Math.log(GROWTH);
  private static final int LAST = 160;

  private final int[] classes; // ascending
  private final long[] counts; // of each class, none is 0

  private Latencies(int[] classes, long[] counts) {
    this.classes = classes;
    this.counts = counts;
  }

  public static Latencies of(long micros) {
    return new Latencies(new int[] {classOf(micros)}, new long[] {1});
  }

  private static int classOf(long micros) {
    if (micros <= 1) {
      return 0;
    }
    return Math.min((int) Math.ceil(Math.log((double) micros) / LOG_GROWTH), LAST);
  }

  public Latencies plus(Latencies other) {
    if (other.classes.length == 0) {
      return this;
    }
    if (classes.length == 0) {
      return other;
    }
    var at = new int[classes.length + other.classes.length];
    var sum = new long[at.length];
    int size = 0;
    for (int i = 0, j = 0; i < classes.length || j < other.classes.length; size++) {
      int mine = i < classes.length ? classes[i] : Integer.MAX_VALUE;
      int theirs = j < other.classes.length ? other.classes[j] : Integer.MAX_VALUE;
      at[size] = Math.min(mine, theirs);
      sum[size] = (mine <= theirs ? counts[i++] : 0) + (theirs <= mine ? other.counts[j++] : 0);
    }
    return new Latencies(Arrays.copyOf(at, size), Arrays.copyOf(sum, size));
  }

  public long total() {
    return Arrays.stream(counts).sum();
  }

  /// In microseconds, the upper end of the class that holds it; empty when there is nothing.
  ///
  /// @param share e.g. 0.99
  public OptionalLong percentile(double share) {
    long rank = Math.max(1, (long) Math.ceil(total() * share));
    long seen = 0;
    for (int i = 0; i < classes.length; i++) {
      seen += counts[i];
      if (seen >= rank || i == classes.length - 1) {
        return OptionalLong.of(Math.round(Math.pow(GROWTH, classes[i])));
      }
    }
    return OptionalLong.empty();
  }

  void write(WireWriter out) {
    out.number(classes.length);
    for (int i = 0; i < classes.length; i++) {
      out.one(classes[i]).number(counts[i]);
    }
  }

  static Latencies read(WireReader in) {
    int size = in.count();
    var read = new Latencies(new int[size], new long[size]);
    for (int i = 0; i < size; i++) {
      read.classes[i] = in.one();
      read.counts[i] = in.number();
    }
    return read;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Latencies it
        && Arrays.equals(classes, it.classes)
        && Arrays.equals(counts, it.counts);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(classes) + Arrays.hashCode(counts);
  }

  @Override
  public String toString() {
    return total() + " in " + classes.length + " classes";
  }
}
