/// Why a delivery ends without success, and the record that says so. Decides only.
@NullMarked
package dev.fanfare.retry.deadletter;

import org.jspecify.annotations.NullMarked;
