/// HTTP servers for tests and for the sandbox: one that does what it is told and remembers what it
/// got, and one that does everything a receiver should not. On loopback, on a free port, a virtual
/// thread a connection; they know nothing of Fanfare.
@NullMarked
package dev.fanfare.testkit.receiver;

import org.jspecify.annotations.NullMarked;
