/// Standard Webhooks signatures, made at send time over the bytes that are sent. Decides only.
@NullMarked
package dev.fanfare.dispatcher.egress.signature;

import org.jspecify.annotations.NullMarked;
