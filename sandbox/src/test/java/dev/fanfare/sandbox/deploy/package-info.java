/// What lies in `deploy/`, put to the test: the container image and the compose file on a Docker
/// engine.
@NullMarked
package dev.fanfare.sandbox.deploy;

import org.jspecify.annotations.NullMarked;
