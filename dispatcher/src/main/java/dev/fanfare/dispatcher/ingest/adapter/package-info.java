/// What other senders of mail report, in their own words, as events of ours: one adapter a
/// provider.
///
/// A mapping keeps what it is told and makes nothing up: what a provider does not say stays absent,
/// a kind of report that means nothing here is skipped by name. Decides only: knows no signature,
/// no HTTP, no Kafka, and hands out JSON as `POST /v1/events` takes it, so that the same checks
/// apply.
@NullMarked
package dev.fanfare.dispatcher.ingest.adapter;

import org.jspecify.annotations.NullMarked;
