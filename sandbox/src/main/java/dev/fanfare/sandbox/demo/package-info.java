/// Something to look at: email traffic as a platform would produce it, receivers that behave well
/// and badly, and subscriptions between the two. Uses only what a user has too: the input topic and
/// the REST API.
@NullMarked
package dev.fanfare.sandbox.demo;

import org.jspecify.annotations.NullMarked;
