/// Classes that break the house rules on purpose, so that each rule is seen to fail.
@NullMarked
package dev.fanfare.sandbox.rules.planted;

import org.jspecify.annotations.NullMarked;
