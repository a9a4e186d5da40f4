package dev.fanfare.retry.replay;

/// The key of a record on `fanfare.replays`. A job has up to three, so that nobody overwrites what
/// somebody else has written:
///
/// | key | written by | holds |
/// |---|---|---|
/// | `<id>` | who made the job, then its owner only | the job and its progress |
/// | `<id>/hold` | anybody | `pause` or `resume`, the last word counts |
/// | `<id>/cancel` | anybody | `cancel`, for good |
public sealed interface ReplayKey {
  String id();

  /// As it stands in the topic.
  String text();

  record OfJob(String id) implements ReplayKey {
    @Override
    public String text() {
      return id;
    }
  }

  record OfHold(String id) implements ReplayKey {
    private static final String END = "/hold";

    @Override
    public String text() {
      return id + END;
    }
  }

  record OfCancel(String id) implements ReplayKey {
    private static final String END = "/cancel";

    @Override
    public String text() {
      return id + END;
    }
  }

  static ReplayKey of(String text) {
    if (text.endsWith(OfHold.END)) {
      return new OfHold(text.substring(0, text.length() - OfHold.END.length()));
    }
    if (text.endsWith(OfCancel.END)) {
      return new OfCancel(text.substring(0, text.length() - OfCancel.END.length()));
    }
    return new OfJob(text);
  }
}
