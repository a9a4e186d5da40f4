package dev.fanfare.sandbox.rules.planted;

import java.util.Map;
import java.util.Optional;

/// Breaks one rule a member; its own name breaks another.
final class PlantedManager {
  private final int sum;

  PlantedManager(int sum) {
    this.sum = sum;
  }

  int getPrefix() {
    return sum;
  }

  public int takesAnOptional(Optional<Integer> more) {
    return sum + more.orElse(0);
  }

  void prints() {
    System.out.println(sum);
  }

  static final class TakesTooMuch {
    final int sum;

    TakesTooMuch(int a, int b, int c, int d, int e, int f, int g, int h) {
      this.sum = a + b + c + d + e + f + g + h;
    }
  }

  /// Breaks nothing: the compiler adds two parameters to each constructor of an enum.
  enum SevenWords {
    ONLY(1, 2, 3, 4, 5, 6, 7);

    final int sum;

    SevenWords(int a, int b, int c, int d, int e, int f, int g) {
      this.sum = a + b + c + d + e + f + g;
    }
  }

  /// Breaks nothing: the names are somebody else's.
  record Pair(String getting, int value) implements Map.Entry<String, Integer> {
    @Override
    public String getKey() {
      return getting;
    }

    @Override
    public Integer getValue() {
      return value;
    }

    @Override
    public Integer setValue(Integer other) {
      throw new UnsupportedOperationException("a record stays as it is");
    }
  }
}
