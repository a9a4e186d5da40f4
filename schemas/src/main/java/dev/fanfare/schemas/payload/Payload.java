package dev.fanfare.schemas.payload;

import java.nio.ByteBuffer;

/// The body of a POST, as it is signed and sent.
///
/// @param body UTF-8 from position to limit, on an array of its own; shared by all deliveries of
///   the event, so nobody may change it or move its position
public record Payload(ByteBuffer body, String contentType) {}
