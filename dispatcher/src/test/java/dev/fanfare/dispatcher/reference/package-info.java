/// The references in `docs/generated`: written from what the code says, compared with it in every
/// build, so that neither can leave the other behind.
@NullMarked
package dev.fanfare.dispatcher.reference;

import org.jspecify.annotations.NullMarked;
