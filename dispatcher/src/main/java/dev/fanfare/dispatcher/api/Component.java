package dev.fanfare.dispatcher.api;

import java.util.function.Supplier;

/// A part of the process that can be well or not, for `/health/ready`.
///
/// @param name stable, e.g. `subscriptions`
/// @param state asked at each request; must not block
public record Component(String name, Supplier<State> state) {
  /// How it is.
  ///
  /// @param detail for people, without secrets; empty when there is nothing to say
  public record State(boolean ready, String detail) {
    public static final State READY = new State(true, "");

    public static State notReady(String detail) {
      return new State(false, detail);
    }
  }
}
