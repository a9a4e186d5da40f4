/// Which addresses may be connected to. The policy decides; the resolver asks it about the address
/// that is really dialled, at every attempt.
@NullMarked
package dev.fanfare.dispatcher.egress.guard;

import org.jspecify.annotations.NullMarked;
