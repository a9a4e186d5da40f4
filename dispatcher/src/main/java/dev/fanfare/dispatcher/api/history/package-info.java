/// What has happened, over HTTP: deliveries, dead letters, statistics, the ledger and the live log.
/// HTTP and JSON, nothing more; the answers are the log's.
@NullMarked
package dev.fanfare.dispatcher.api.history;

import org.jspecify.annotations.NullMarked;
