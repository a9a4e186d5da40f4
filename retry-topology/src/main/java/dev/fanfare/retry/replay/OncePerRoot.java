package dev.fanfare.retry.replay;

import dev.fanfare.schemas.avro.Delivery;

/// Lets one delivery of each root through. A dead letter that was replayed and died again stands in
/// the topic twice, and who replays both would send the event twice.
///
/// To remember every delivery would take memory without bound. So the selection is looked through
/// first ([#meet]); only roots of which a replay was met are remembered afterwards.
public final class OncePerRoot {
  private final RootSet repeated = new RootSet();
  private RootSet taken = new RootSet();

  /// To be called with everything that is selected, before the first [#take].
  public void meet(Delivery selected) {
    if (selected.getOriginDeliveryId() != null) {
      repeated.add(Redelivery.rootOf(selected));
    }
  }

  /// Whether it is the first of its root that is taken.
  public boolean take(Delivery selected) {
    var root = Redelivery.rootOf(selected);
    return !repeated.contains(root) || taken.add(root);
  }

  /// Roots that may stand for several records.
  public int repeats() {
    return repeated.size();
  }

  /// Begins to take anew; what was met stays.
  public void startOver() {
    taken = new RootSet();
  }
}
