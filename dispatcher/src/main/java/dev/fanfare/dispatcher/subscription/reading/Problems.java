package dev.fanfare.dispatcher.subscription.reading;

import java.util.ArrayList;
import java.util.List;

/// Collects what is wrong with one subscription. At most [#MOST] are kept: a hostile record could
/// have millions.
final class Problems {
  static final int MOST = 50;

  private final List<SubscriptionProblem> found = new ArrayList<>();

  void add(String pointer, String detail) {
    if (found.size() < MOST) {
      found.add(new SubscriptionProblem(pointer, detail));
    }
  }

  /// Adds the problem unless the thing is so; returns whether it is.
  boolean require(boolean so, String pointer, String detail) {
    if (!so) {
      add(pointer, detail);
    }
    return so;
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  List<SubscriptionProblem> found() {
    return List.copyOf(found);
  }

  /// The pointer one level deeper (RFC 6901 section 4: `~` and `/` are escaped).
  static String below(String pointer, String name) {
    return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
  }

  static String below(String pointer, int index) {
    return pointer + "/" + index;
  }
}
