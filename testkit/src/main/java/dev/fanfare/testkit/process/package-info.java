/// Child JVMs that can be killed for real and never outlive the JVM that started them, the ports
/// they listen on and the directories they keep to themselves. Knows nothing of what runs inside.
@NullMarked
package dev.fanfare.testkit.process;

import org.jspecify.annotations.NullMarked;
