/// The same broker and the same registry as the other packages give, as containers
/// (Testcontainers): for running the integration tests against the public images. Loaded only when
/// asked for.
@NullMarked
package dev.fanfare.testkit.container;

import org.jspecify.annotations.NullMarked;
