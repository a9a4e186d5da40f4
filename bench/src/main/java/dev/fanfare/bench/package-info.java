/// `fanfare bench`: measures the whole pipe and its parts against the floor of the machine it runs
/// on. The program and its commands; nothing here runs in production.
@NullMarked
package dev.fanfare.bench;

import org.jspecify.annotations.NullMarked;
