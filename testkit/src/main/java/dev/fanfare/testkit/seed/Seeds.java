package dev.fanfare.testkit.seed;

import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.LongStream;

/// The seeds of a property test: 0 to n−1, the same at every run, and one that nobody has tried,
/// printed so that a failure can be repeated.
///
/// ```java
/// static LongStream seeds() { return Seeds.fixed(200); }
/// @ParameterizedTest @MethodSource("seeds") void neverLosesOne(long seed) { … }
/// ```
///
/// `-Dfanfare.seeds=10000` asks for more of them, `-Dfanfare.seed=42` for that one only.
public final class Seeds {
  private Seeds() {}

  /// @param count how many fixed seeds, unless `fanfare.seeds` says otherwise
  public static LongStream fixed(int count) {
    var only = Long.getLong("fanfare.seed");
    if (only != null) {
      return LongStream.of(only);
    }
    long random = ThreadLocalRandom.current().nextLong();
    System.out.println("random seed, to repeat: -Dfanfare.seed=" + random);
    return LongStream.concat(
        LongStream.range(0, Integer.getInteger("fanfare.seeds", count)), LongStream.of(random));
  }
}
