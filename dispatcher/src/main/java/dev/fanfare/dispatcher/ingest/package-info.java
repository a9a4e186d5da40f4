/// Takes what providers post, proves whose it is, and hands the events that it comes to on to where
/// the platform's own arrive. A provider gets its acknowledgement when Kafka has them all.
///
/// A source is configured; its tenant comes from there and never from a request. Knows no HTTP
/// server; the one thing that it fetches, the certificate of a topic, it fetches through the
/// guarded egress.
@NullMarked
package dev.fanfare.dispatcher.ingest;

import org.jspecify.annotations.NullMarked;
