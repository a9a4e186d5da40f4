/// JMH benchmarks of single methods on the hot path. Each measures what the dispatcher does, as it
/// does it, on inputs of a usual size.
@NullMarked
package dev.fanfare.bench.micro;

import org.jspecify.annotations.NullMarked;
