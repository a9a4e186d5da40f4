/// How the harness tells its child processes what to do, and asks what came of it.
@NullMarked
package dev.fanfare.bench.control;

import org.jspecify.annotations.NullMarked;
