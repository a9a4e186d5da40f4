package dev.fanfare.schemas.json;

/// Is told what is wrong with a JSON text, and where.
@FunctionalInterface
public interface Found {
  /// @param pointer where, as a JSON pointer (RFC 6901)
  /// @param detail what, for the person who sent it
  void problem(String pointer, String detail);
}
