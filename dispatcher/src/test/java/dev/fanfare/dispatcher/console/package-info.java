@NullMarked
package dev.fanfare.dispatcher.console;

import org.jspecify.annotations.NullMarked;
