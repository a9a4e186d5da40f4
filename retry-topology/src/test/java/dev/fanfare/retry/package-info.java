/// What the tests of this module share: a broker that can be stopped and started again.
@NullMarked
package dev.fanfare.retry;

import org.jspecify.annotations.NullMarked;
