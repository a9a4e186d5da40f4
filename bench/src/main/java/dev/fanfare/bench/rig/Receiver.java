package dev.fanfare.bench.rig;

import java.net.URI;

/// Takes POSTs and answers 204, in a process of its own.
public interface Receiver extends AutoCloseable {
  /// For the report.
  String name();

  URI at(String path);

  /// POSTs taken since it was started.
  long posts();

  long pid();

  @Override
  void close();
}
