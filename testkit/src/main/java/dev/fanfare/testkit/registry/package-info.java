/// A real schema registry (Apicurio) that speaks Confluent's API, for tests and for the sandbox.
@NullMarked
package dev.fanfare.testkit.registry;

import org.jspecify.annotations.NullMarked;
