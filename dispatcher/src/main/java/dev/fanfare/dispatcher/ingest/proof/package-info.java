/// Whether a request of a provider is from that provider: each one's own way of signing, checked
/// against the key that the source was given.
///
/// Whatever is not proven is forged. Decides only: the time, the keys and the certificate are
/// parameters; what is compared is compared in a time that tells nothing.
@NullMarked
package dev.fanfare.dispatcher.ingest.proof;

import org.jspecify.annotations.NullMarked;
