package dev.fanfare.dispatcher.delivery.lane;

/// What a lane learns from one ended attempt.
public enum Sample {
  /// The endpoint took it.
  SUCCESS,
  /// The endpoint failed, refused or was too slow.
  FAILURE,
  /// It says nothing about the endpoint, e.g. we cancelled it.
  NEUTRAL
}
