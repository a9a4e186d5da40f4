/// What is measured and what it is measured with, each in a process of its own: broker, registry,
/// receiver, dispatcher. Starts, stops and observes them; decides nothing about what is measured.
@NullMarked
package dev.fanfare.bench.rig;

import org.jspecify.annotations.NullMarked;
