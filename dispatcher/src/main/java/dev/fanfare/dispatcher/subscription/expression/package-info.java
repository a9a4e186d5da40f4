/// Filter expressions in CEL over an event: checked against its shape and held to a cost before
/// they are stored, evaluated without side effects. Decides only.
@NullMarked
package dev.fanfare.dispatcher.subscription.expression;

import org.jspecify.annotations.NullMarked;
