/// The delivery log as a running part of the process.
@NullMarked
package dev.fanfare.dispatcher.log;

import org.jspecify.annotations.NullMarked;
