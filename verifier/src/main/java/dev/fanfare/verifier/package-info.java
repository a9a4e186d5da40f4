/// For those who receive webhooks: whether a message is from whom it says, in one class to depend
/// on or to copy.
///
/// Must not use anything but the JDK, and nothing of it that is younger than Java 17.
@NullMarked
package dev.fanfare.verifier;

import org.jspecify.annotations.NullMarked;
