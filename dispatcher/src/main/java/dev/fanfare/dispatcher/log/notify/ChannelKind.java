package dev.fanfare.dispatcher.log.notify;

import java.util.Optional;
import java.util.stream.Stream;

/// The ways in which somebody can be told.
public enum ChannelKind {
  /// A POST signed as every delivery is.
  WEBHOOK("webhook"),
  EMAIL("email"),
  /// A POST of `{"text": …}`, as Slack and those who are compatible with it take it.
  CHAT("chat");

  private final String word;

  ChannelKind(String word) {
    this.word = word;
  }

  public String word() {
    return word;
  }

  public static Optional<ChannelKind> find(String word) {
    return Stream.of(values()).filter(it -> it.word.equals(word)).findFirst();
  }
}
