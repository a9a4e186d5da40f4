/// A real Kafka broker inside the JVM, for tests and for the sandbox.
@NullMarked
package dev.fanfare.testkit.kafka;

import org.jspecify.annotations.NullMarked;
