package dev.fanfare.dispatcher.control;

/// One thing that is wrong with what was asked for.
///
/// @param pointer where, as a JSON pointer (RFC 6901) into the request as the API takes it
/// @param detail what, for the person who asked; never a secret
public record RequestProblem(String pointer, String detail) {}
