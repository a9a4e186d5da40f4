package dev.fanfare.retry.replay;

/// What people ask of a job, whoever was asked last. A cancellation stays: it is written apart from
/// the others, so that no later word takes it back.
public record Orders(Hold hold, boolean cancel) {
  public static final Orders NONE = new Orders(Hold.NONE, false);

  /// Whether it is to stand still.
  public enum Hold {
    NONE(""),
    PAUSE("pause"),
    RESUME("resume");

    private final String word;

    Hold(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }
}
