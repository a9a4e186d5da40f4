/// The whole of Fanfare on one machine: broker, registry, dispatcher and demo traffic in one place,
/// for `fanfare dev` and for the whole-system tests. Nothing here runs in production.
@NullMarked
package dev.fanfare.sandbox;

import org.jspecify.annotations.NullMarked;
