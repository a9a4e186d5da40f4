@NullMarked
package dev.fanfare.sandbox.console;

import org.jspecify.annotations.NullMarked;
