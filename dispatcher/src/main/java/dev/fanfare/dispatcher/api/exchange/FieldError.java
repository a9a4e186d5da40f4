package dev.fanfare.dispatcher.api.exchange;

/// One thing that is wrong with a request's content.
///
/// @param pointer where, as a JSON pointer (RFC 6901) into what was sent; empty for the whole
/// @param detail what, for the sender; never the value itself
public record FieldError(String pointer, String detail) {}
