package dev.fanfare.schemas.payload;

/// One thing that is wrong with an event that was sent to us.
///
/// @param pointer where, as a JSON pointer (RFC 6901); empty for the whole
/// @param detail what, for the sender; never the value itself
public record EventProblem(String pointer, String detail) {}
